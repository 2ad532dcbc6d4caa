package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"time"
)

// footprint is memory in megabytes.
type footprint struct {
	Heap     float64 `json:"heap"`     // Go's live and not yet collected objects
	Resident float64 `json:"resident"` // what the process keeps to itself, by the kernel's count
	Mapped   float64 `json:"mapped"`   // of files, which the kernel takes back whenever it needs room
}

// watchMemory looks every few milliseconds; the function it returns tells the
// most that was seen, over what it was at first.
func watchMemory() func() footprint {
	runtime.GC()
	debug.FreeOSMemory()
	before := takes(os.Getpid())
	most := before
	stop := make(chan struct{})
	var looking sync.WaitGroup
	looking.Go(func() {
		for tick := time.NewTicker(10 * time.Millisecond); ; {
			select {
			case <-tick.C:
			case <-stop:
				tick.Stop()
				return
			}
			now := takes(os.Getpid())
			most = footprint{max(most.Heap, now.Heap), max(most.Resident, now.Resident), max(most.Mapped, now.Mapped)}
		}
	})
	return func() footprint {
		close(stop)
		looking.Wait()
		return footprint{most.Heap - before.Heap, most.Resident - before.Resident, most.Mapped - before.Mapped}
	}
}

// takes is what this process takes now; what the kernel does not tell is 0.
func takes(pid int) footprint {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(heap)
	own, _ := status(pid, "RssAnon")
	file, _ := status(pid, "RssFile")
	return footprint{Heap: float64(heap[0].Value.Uint64()) / 1e6, Resident: own, Mapped: file}
}

// status is a number of the kernel's about a process, in megabytes.
func status(pid int, name string) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		var kib float64
		if _, err := fmt.Sscanf(line, name+": %f kB", &kib); err == nil {
			return kib * 1024 / 1e6, nil
		}
	}
	return 0, errors.New("the kernel does not tell " + name)
}
