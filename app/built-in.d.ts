/** What comes with the page, read when it was built (scripts/built-in.ts). */
declare module 'virtual:built-in' {
  import type { ParsedConfig } from '../src/config/parse-config.ts';
  import type { FeatureSpec } from '../src/data/make-data-schema.ts';
  import type { TeacherConfig } from '../src/data/synthesis/teacher-config.ts';

  export const configs: readonly {
    readonly file: string;
    readonly title: string;
    /** One sentence. */
    readonly description: string;
    readonly text: string;
    /** Of the first, which a first visit shows. */
    readonly read: Pick<ParsedConfig, 'config' | 'problems'> | null;
  }[];
  export const schemas: readonly { readonly name: string; readonly features: readonly FeatureSpec[] }[];
  export const teachers: readonly {
    readonly id: string;
    readonly label: string;
    readonly about: string;
    readonly text: string;
    readonly config: TeacherConfig;
  }[];
  /** The settings when a text says nothing. */
  export const defaultTeacher: TeacherConfig;
}
