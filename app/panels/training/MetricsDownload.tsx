/** Everything the run has reported so far, as CSV or JSON. */
import { Button } from '../../parts/Button.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { useRun, useSession } from '../../session/context.tsx';
import { metricsCsv, metricsJson } from './metrics-files.ts';

export function MetricsDownload() {
  const { run } = useSession();
  const any = useRun((state) => (state.series?.length ?? 0) > 0);
  return (
    <>
      <Button
        disabled={!any}
        aria-label="Download metrics as CSV"
        onClick={() => {
          const { series } = run.getState();
          if (series) saveFile(new Blob([metricsCsv(series)], { type: 'text/csv' }), 'metrics.csv');
        }}
      >
        CSV
      </Button>
      <Button
        disabled={!any}
        aria-label="Download metrics as JSON"
        onClick={() => {
          const { series, evaluations } = run.getState();
          if (series) {
            saveFile(
              new Blob([metricsJson(series, evaluations)], { type: 'application/json' }),
              'metrics.json',
            );
          }
        }}
      >
        JSON
      </Button>
    </>
  );
}
