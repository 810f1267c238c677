/** The teacher settings as YAML text, the form's twin: problems at their place, one text for both. */
import { useMemo } from 'react';
import { parseTeacherConfig } from '../../../src/data/synthesis/parse-teacher-config.ts';
import { marksOf } from '../../parts/editor-problems.ts';
import TextEditor, { ownUndo } from '../../parts/TextEditor.tsx';
import type { EditedText } from '../../parts/TextEditor.tsx';
import { useSession } from '../../session/context.tsx';
import type { DataStore } from '../../stores/data.ts';
import { teacherTexts } from '../../texts/data-teacher.ts';
import styles from './TeacherSettings.module.css';

const marks = marksOf(parseTeacherConfig);

const teacherText = (data: DataStore): EditedText => ({
  text: () => data.getState().teacherText,
  setText: (text) => data.getState().setTeacherText(text),
  problems: () => marks(data.getState().teacherText),
  subscribe: data.subscribe,
});

export function TeacherYaml() {
  const { data } = useSession();
  const edited = useMemo(() => teacherText(data), [data]);
  return (
    <TextEditor label={teacherTexts.yaml} className={styles.editor} edited={edited} extensions={ownUndo} />
  );
}
