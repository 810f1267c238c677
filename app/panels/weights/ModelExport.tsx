/** The run's model in the forms that other programs read: made in a worker, saved as one file each. */
import type { ExportFormat } from '../../../src/formats/export.ts';
import { bytes } from '../../format.ts';
import { Button } from '../../parts/Button.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { useSession } from '../../session/context.tsx';

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

const FORMATS: readonly { readonly format: ExportFormat; readonly name: string; readonly title: string }[] = [
  {
    format: 'pytorch',
    name: 'PyTorch',
    title: 'A folder (zip) with model.py, train.py and predict.py: trains on as many GPUs as you have',
  },
  { format: 'onnx', name: 'ONNX', title: 'One file that predicts in any ONNX runtime' },
  {
    format: 'reference',
    name: 'Reference',
    title: "A folder (zip) that twitter/the-algorithm-ml's own training warm-starts from",
  },
];

export function ModelExport({ disabled, attempt }: ModelExportProps) {
  const session = useSession();
  const exportAs = (format: ExportFormat, name: string) => () =>
    void attempt(`The model could not be exported (${name}).`, async () => {
      const made = await session.exportModel(format);
      saveFile(made.file, made.name);
      return { tone: 'info', title: 'Exported.', text: `${made.name}, ${bytes(made.file.size)}` };
    });
  return FORMATS.map(({ format, name, title }) => (
    <Button
      key={format}
      disabled={disabled}
      title={title}
      aria-label={`Export as ${name}`}
      onClick={exportAs(format, name)}
    >
      {name}
    </Button>
  ));
}
