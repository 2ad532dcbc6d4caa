package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

const starts = 10

// program measures the built program itself: its size, how soon after its
// start on an empty folder it answers with the catalogue, and its memory then.
func program(ctx context.Context, dir, binary string) ([]row, error) {
	info, err := os.Stat(binary)
	if err != nil {
		return nil, fmt.Errorf("build the program first: %w", err)
	}
	var cold []time.Duration
	var resident []float64
	for i := range starts {
		took, mib, err := start(ctx, binary, filepath.Join(dir, fmt.Sprint("start-", i)))
		if err != nil {
			return nil, err
		}
		cold, resident = append(cold, took), append(resident, mib)
	}
	return []row{
		{fmt.Sprintf("cold start to the first answer, median of %d", starts), ms(quantile(cold, .5)), "< 300 ms"},
		{"program without a window, on disk", fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), "< 30 MB"},
		{"  resident memory after its start", fmt.Sprintf("%.1f MB", quantile(resident, .5)), "< 40 MB"},
	}, nil
}

// benchAddr is where the program is told to listen; the bench waits there.
const benchAddr = "127.0.0.1:43890"

func start(ctx context.Context, binary, data string) (took time.Duration, megabytes float64, err error) {
	c := exec.CommandContext(ctx, binary, "serve")
	c.Env = append(os.Environ(), "WILLCALL_DATA="+data, "WILLCALL_ADDR="+benchAddr)
	c.Stderr = os.Stderr
	began := time.Now()
	if err := c.Start(); err != nil {
		return 0, 0, err
	}
	defer func() {
		err = errors.Join(err, c.Process.Signal(os.Interrupt), c.Wait())
	}()
	for {
		if took = time.Since(began); took > 10*time.Second {
			return took, 0, errors.New("the program does not answer")
		}
		if answers(ctx, "http://"+benchAddr+"/api/catalogue") {
			break
		}
		time.Sleep(time.Millisecond)
	}
	megabytes, err = status(c.Process.Pid, "VmRSS")
	return took, megabytes, err
}

func answers(ctx context.Context, url string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return false
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, got.Body)
	return errors.Join(err, got.Body.Close()) == nil && got.StatusCode == http.StatusOK
}

// javascript measures what a browser loads before the till can be used: the
// scripts that the page names.
func javascript(screens string) ([]row, error) {
	page, err := os.ReadFile(filepath.Join(screens, "index.html"))
	if err != nil {
		return nil, fmt.Errorf("build the screens first: %w", err)
	}
	total := 0
	for _, m := range regexp.MustCompile(`(?:src|href)="\.?/?([^"]+\.js)"`).FindAllSubmatch(page, -1) {
		script, err := os.ReadFile(filepath.Join(screens, string(m[1])))
		if err != nil {
			return nil, err
		}
		var packed bytes.Buffer
		w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(script); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		total += packed.Len()
	}
	return []row{{"JavaScript loaded at the start, gzip", fmt.Sprintf("%.1f kB", float64(total)/1e3), "< 200 kB"}}, nil
}
