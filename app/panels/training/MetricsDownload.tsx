/** Everything the run has reported so far, as CSV or JSON Lines, made in a worker. */
import { useState } from 'react';
import type { MetricsFormat } from '../../../src/runs/metrics-export.ts';
import { Button } from '../../parts/Button.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { useRun, useSession } from '../../session/context.tsx';
import { weightsPanelTexts } from '../../texts/weights.ts';

const NAMES: Readonly<Record<MetricsFormat, string>> = { csv: 'CSV', jsonl: 'JSON Lines' };

export function MetricsDownload() {
  const session = useSession();
  const any = useRun((state) => (state.series?.length ?? 0) > 0);
  const [problem, setProblem] = useState<string | null>(null);
  const download = async (format: MetricsFormat): Promise<void> => {
    setProblem(null);
    try {
      saveFile(await session.exportMetrics(format), `metrics.${format}`);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      {(['csv', 'jsonl'] as const).map((format) => (
        <Button
          key={format}
          disabled={!any}
          aria-label={weightsPanelTexts.downloadMetrics(NAMES[format])}
          onClick={() => void download(format)}
        >
          {NAMES[format]}
        </Button>
      ))}
      {problem !== null && <span role="alert">{problem}</span>}
    </>
  );
}
