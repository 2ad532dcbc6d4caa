package stripesim

// drillState is a drill that is on.
type drillState struct {
	quirks Quirks
}
