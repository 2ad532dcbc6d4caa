package boxoffice

import (
	"encoding/json"
	"fmt"
)

// DecodeFact reads a fact of the kind back from the book.
func DecodeFact(kind Kind, data []byte) (Fact, error) { //nolint:gocyclo // a table of the kinds, and nothing else
	switch kind {
	case KindBookOpened:
		return decode[BookOpenedFact](data)
	case KindEventAdded:
		return decode[EventAddedFact](data)
	case KindQuotaAdded:
		return decode[QuotaAddedFact](data)
	case KindOrderPlaced:
		return decode[OrderPlacedFact](data)
	case KindTenderOpened:
		return decode[OpenedFact](data)
	case KindTenderRefused:
		return decode[RefusedFact](data)
	case KindTenderCancel:
		return decode[CancelAskedFact](data)
	case KindTenderProcessing:
		return decode[ProcessingFact](data)
	case KindTenderPaid:
		return decode[PaidFact](data)
	case KindTenderExpired:
		return decode[ExpiredFact](data)
	case KindTenderFailed:
		return decode[FailedFact](data)
	case KindCodeCloseAsked:
		return decode[CodeCloseAskedFact](data)
	case KindCodeClosed:
		return decode[CodeClosedFact](data)
	case KindDiscrepancy:
		return decode[DiscrepancyFoundFact](data)
	case KindEventChanged:
		return decode[EventChangedFact](data)
	case KindQuotaChanged:
		return decode[QuotaChangedFact](data)
	case KindQuotaRemoved:
		return decode[QuotaRemovedFact](data)
	case KindAccountConnected:
		return decode[AccountConnectedFact](data)
	case KindAccountDisconnected:
		return decode[AccountDisconnectedFact](data)
	case KindMethodsOffered:
		return decode[MethodsOfferedFact](data)
	case KindMethodsChosen:
		return decode[MethodsChosenFact](data)
	case KindMirrorAsked:
		return decode[MirrorAskedFact](data)
	case KindMirrorDone:
		return decode[MirrorDoneFact](data)
	case KindMirrorRefused:
		return decode[MirrorRefusedFact](data)
	case KindMirrorAdopted:
		return decode[MirrorAdoptedFact](data)
	case KindMirrorLost:
		return decode[MirrorLostFact](data)
	case KindPosterMade:
		return decode[PosterMadeFact](data)
	case KindPosterOpened:
		return decode[PosterOpenedFact](data)
	case KindPosterRefused:
		return decode[PosterRefusedFact](data)
	case KindPosterCloseAsked:
		return decode[PosterCloseAskedFact](data)
	case KindPosterClosed:
		return decode[PosterClosedFact](data)
	case KindOrderArrived:
		return decode[OrderArrivedFact](data)
	case KindRefundAsked:
		return decode[RefundAskedFact](data)
	case KindRefundRecorded:
		return decode[RefundRecordedFact](data)
	case KindRefundRefused:
		return decode[RefundRefusedFact](data)
	case KindDisputeRecorded:
		return decode[DisputeRecordedFact](data)
	case KindTicketsVoided:
		return decode[TicketsVoidedFact](data)
	case KindDiscrepancyResolved:
		return decode[DiscrepancyResolvedFact](data)
	case KindStatementRead:
		return decode[StatementReadFact](data)
	default:
		return nil, fmt.Errorf("the book has an entry of kind %q, which this version of Willcall does not know", kind)
	}
}

func decode[F Fact](data []byte) (Fact, error) {
	var f F
	err := json.Unmarshal(data, &f)
	return f, err
}
