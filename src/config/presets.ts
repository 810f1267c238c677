/** The presets in `configs/`, as data. Loading the text is the callers' business: a page fetches, a terminal reads. */

export interface Preset {
  /** File name in `configs/`; its schema_path is relative to that folder. */
  readonly file: string;
  readonly title: string;
  /** One sentence. */
  readonly description: string;
}

export const PRESETS = [
  {
    file: 'playground.yaml',
    title: 'Playground',
    description:
      "Production's shape in small: four parallel MaskBlocks and ten towers that learn something within a minute.",
  },
  {
    file: 'serial.yaml',
    title: 'Serial MaskNet',
    description:
      'Three MaskBlocks one after another, and towers that also read the raw input (share_partial).',
  },
  {
    file: 'share-none.yaml',
    title: 'No sharing',
    description: 'A network of its own for each of four tasks, one of them a MaskNet, without a backbone.',
  },
  {
    file: 'local_prod.yaml',
    title: 'Production',
    description: 'The heavy ranker at its full size, 48,115,108 parameters, for a real GPU.',
  },
] as const satisfies readonly Preset[];
