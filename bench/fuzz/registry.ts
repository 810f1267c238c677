/** The kinds of input that are fuzzed: adding one is one file in kinds/ and one line here. */
import type { FuzzKind } from './kind.ts';
import { bundleKind } from './kinds/bundle.ts';
import { gzipKind } from './kinds/gzip.ts';
import { linkKind } from './kinds/link.ts';
import { manifestKind } from './kinds/manifest.ts';
import { safetensorsKind } from './kinds/safetensors.ts';
import { csvKind, parquetKind } from './kinds/tables.ts';
import { scoreWeightsKind, tweetsKind, yamlKind } from './kinds/texts.ts';
import { tfExampleKind } from './kinds/tf-example.ts';
import { tfRecordKind } from './kinds/tfrecord.ts';

export const kinds: readonly FuzzKind[] = [
  tfRecordKind,
  tfExampleKind,
  gzipKind,
  safetensorsKind,
  manifestKind,
  linkKind,
  bundleKind,
  yamlKind,
  tweetsKind,
  scoreWeightsKind,
  csvKind,
  parquetKind,
];
