// What Node.js knows about its own process, as metrics.
import { version } from "../../package.json";
import { LagHistogram, watchEventLoop } from "./eventLoopLag.ts";
import { metric, type Metric } from "./metricsText.ts";

/** Measures the event loop from now on. Returns a function that reads everything. */
export function watchProcess(): () => Metric[] {
  const lag = new LagHistogram();
  watchEventLoop(lag);
  return () => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    const { active } = performance.eventLoopUtilization();
    return [
      {
        name: "forkchat_build_info",
        type: "gauge",
        help: "The running version. Always 1.",
        samples: [{ labels: { version, node: process.version }, value: 1 }],
      },
      {
        name: "forkchat_event_loop_lag_seconds",
        type: "histogram",
        help: "How late the event loop ran a timer.",
        samples: lag.samples(),
      },
      metric(
        "forkchat_event_loop_busy_seconds_total",
        "Time in which the event loop was busy.",
        active / 1_000,
      ),
      metric("process_cpu_seconds_total", "CPU time of the process.", (user + system) / 1e6),
      metric(
        "process_start_time_seconds",
        "When the process started, since 1970.",
        performance.timeOrigin / 1_000,
      ),
      metric("process_resident_memory_bytes", "Resident memory of the process.", rss),
      metric("nodejs_heap_size_used_bytes", "Used JavaScript heap.", heapUsed),
    ];
  };
}
