package main

import (
	"context"
	"errors"
	"fmt"

	"willcall/backend/config"
)

// serve opens the till to browsers on this machine, says where, and returns when ctx ends.
func serve(ctx context.Context, p process, cfg config.Config) error {
	b, err := p.open(ctx, cfg)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Willcall (training) is open at http://%s\nCtrl-C closes it.\n", b.Addr())
	return errors.Join(b.Run(ctx), b.Close())
}
