/** The run's model in the forms that other programs read: made in a worker, saved as one file each. */
import type { ExportFormat } from '../../../src/formats/export.ts';
import { bytes } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { useSession } from '../../session/context.tsx';
import { weightsPanelTexts } from '../../texts/weights.ts';

/** What came of taking something out or in. */
export interface Outcome {
  readonly tone: 'info' | 'error';
  readonly title: string;
  readonly text: string;
}

interface ModelExportProps {
  readonly disabled: boolean;
  /** Does the work and shows what came of it; `failure` is the title where it throws. */
  readonly attempt: (failure: string, work: () => Promise<Outcome>) => Promise<void>;
}

const FORMATS = ['pytorch', 'onnx', 'reference'] as const satisfies readonly ExportFormat[];

export function ModelExport({ disabled, attempt }: ModelExportProps) {
  const session = useSession();
  const exportAs = (format: ExportFormat, name: string) => () =>
    void attempt(weightsPanelTexts.modelFailed(name), async () => {
      const made = await session.exportModel(format);
      saveFile(made.file, made.name);
      return {
        tone: 'info',
        title: weightsPanelTexts.exported,
        text: weightsPanelTexts.exportedFile(made.name, bytes(made.file.size)),
      };
    });
  return FORMATS.map((format) => {
    const { name, hint } = weightsPanelTexts.formats[format];
    return (
      <Button
        key={format}
        disabled={disabled}
        title={hint}
        aria-label={weightsPanelTexts.exportAs(name)}
        onClick={exportAs(format, name)}
      >
        {name}
      </Button>
    );
  });
}
