package main

import "slices"

// checks are all assumptions in the order in which they are tried: later ones
// use what earlier ones have made.
func checks() []check {
	return slices.Concat(
		keyChecks(), permissionChecks(), // 1, 2
		catalogueChecks(), wordChecks(), // 3, 4
		sessionChecks(), keptChecks(), endChecks(), // 5, 6 and 7, 8 to 10
		paymentChecks(), refundChecks(), bookChecks(), // 11, 12, 17
		linkChecks(), amountChecks(), orderChecks(), visitorChecks(), // 13, 14, 15, 16
	)
}
