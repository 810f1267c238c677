/** The configuration: presets, the YAML editor, its problems, and the model's size in one line. */
import { Suspense, useRef, useState } from 'react';
import { Button } from '../../parts/Button.tsx';
import { Select } from '../../parts/Field.tsx';
import { FileButton } from '../../parts/FileButton.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { readTextFile } from '../../parts/read-text-file.ts';
import { saveFile } from '../../parts/save-file.ts';
import { useConfig, useSession } from '../../session/context.tsx';
import styles from './ConfigPanel.module.css';
import type { EditorHandle } from './YamlEditor.tsx';
import { ModelFacts } from './ModelFacts.tsx';
import { ProblemList } from './ProblemList.tsx';
import { Suggestions } from './Suggestions.tsx';
import { retryable } from '../../parts/retryable.ts';

const YamlEditor = retryable(() => import('./YamlEditor.tsx'));

export function ConfigPanel() {
  const { config } = useSession();
  const presets = useConfig((state) => state.presets);
  const name = useConfig((state) => state.name);
  const text = useConfig((state) => state.text);
  const changed = useConfig((state) => state.text !== state.original);
  const editor = useRef<EditorHandle>(null);
  const own = presets.some(({ file }) => file === name) ? [] : [{ value: name, label: name }];
  const { choosePreset, open, reset } = config.getState();
  /** Why the file chosen last was not opened. */
  const [refused, setRefused] = useState<string | null>(null);
  const openFile = (file: File): void => {
    void readTextFile(file).then((read) => {
      setRefused(
        'problem' in read ? `${file.name}: ${read.problem} The configuration stays as it is.` : null,
      );
      if ('text' in read) open(file.name, read.text);
    });
  };

  return (
    <Panel
      id="config"
      className={styles.panel}
      title="Configuration"
      tools={
        <>
          <FileButton label="Open" title="Open a YAML file" onFile={openFile} />
          <Button
            look="quiet"
            title="Save the text as a file"
            onClick={() => saveFile(new Blob([text], { type: 'application/yaml' }), name || 'config.yaml')}
          >
            Save
          </Button>
          <Button look="quiet" disabled={!changed} title={`Back to ${name} as it was`} onClick={reset}>
            Reset
          </Button>
        </>
      }
    >
      <div className={styles.head}>
        <Select
          label="Preset"
          hideLabel
          value={name}
          options={[
            ...own,
            ...presets.map(({ file, title }) => ({ value: file, label: `${title} · ${file}` })),
          ]}
          onChange={choosePreset}
        />
        <ModelFacts />
        <Suggestions />
      </div>
      {refused !== null && (
        <Notice tone="error" title="Not opened." onClose={() => setRefused(null)}>
          {refused}
        </Notice>
      )}
      <div className={styles.editor}>
        <Suspense fallback={<pre className={styles.loading}>{text}</pre>}>
          <YamlEditor ref={editor} />
        </Suspense>
      </div>
      <ProblemList onGo={(problem) => editor.current?.go(problem.from, problem.to)} />
    </Panel>
  );
}
