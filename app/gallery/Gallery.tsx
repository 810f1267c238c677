/** Everything that comes with the page, in pictures: configurations, data, timelines. One click takes it. Loaded when first opened. */
import type { ReactNode } from 'react';
import { scenarios } from '../../src/ranking/scenarios/index.ts';
import { classes } from '../parts/classes.ts';
import Dialog from '../parts/Dialog.tsx';
import { presets, teachers } from '../session/built-in.ts';
import { useConfig, useData, useSession } from '../session/context.tsx';
import { goTo } from '../views/use-view.ts';
import { useStore } from 'zustand';
import { galleryTexts } from '../texts/gallery.ts';
import styles from './Gallery.module.css';
import { ConfigPicture, DataPicture, TimelinePicture } from './pictures.tsx';

export default function Gallery({ onClose }: { readonly onClose: () => void }) {
  const session = useSession();
  const { config, data, tweets } = session;
  const preset = useConfig(({ name, text, original }) => (text === original ? name : null));
  const source = useData(({ kind, teacher }) => (kind === 'teacher' ? teacher : kind));
  const set = useStore(tweets, (state) => state.set);
  const take = (work: () => void) => (): void => {
    work();
    onClose();
  };
  return (
    <Dialog wide open title={galleryTexts.title} onOpenChange={(open) => open || onClose()}>
      <Shelf title={galleryTexts.configs} about={galleryTexts.configsAbout}>
        {presets.map(({ file, title, description, text }) => (
          <Card
            key={file}
            title={title}
            about={description}
            taken={file === preset}
            onTake={take(() => {
              config.getState().choosePreset(file);
              goTo('train');
            })}
          >
            <ConfigPicture text={text} />
          </Card>
        ))}
      </Shelf>
      <Shelf title={galleryTexts.data} about={galleryTexts.dataAbout}>
        {teachers.map(({ id, label, about }) => (
          <Card
            key={id}
            title={label}
            about={about}
            taken={id === source}
            onTake={take(() => data.getState().choose({ kind: 'teacher', teacher: id }))}
          >
            <DataPicture kind={id} />
          </Card>
        ))}
        <Card
          title={galleryTexts.uniform}
          about={galleryTexts.uniformAbout}
          taken={source === 'uniform'}
          onTake={take(() => data.getState().choose({ kind: 'uniform' }))}
        >
          <DataPicture kind="uniform" />
        </Card>
      </Shelf>
      <Shelf title={galleryTexts.timelines} about={galleryTexts.timelinesAbout}>
        {scenarios.map(({ id, label, about, tweets: list }) => (
          <Card
            key={id}
            title={label}
            about={about}
            taken={id === set}
            onTake={take(() => {
              tweets.getState().choose(id);
              goTo('rank');
            })}
          >
            <TimelinePicture tweets={list} />
          </Card>
        ))}
      </Shelf>
    </Dialog>
  );
}

interface ShelfProps {
  readonly title: string;
  readonly about: string;
  readonly children: ReactNode;
}

function Shelf({ title, about, children }: ShelfProps) {
  return (
    <section aria-label={title} className={styles.shelf}>
      <h3>{title}</h3>
      <p className={styles.note}>{about}</p>
      <div className={styles.cards}>{children}</div>
    </section>
  );
}

interface CardProps {
  readonly title: string;
  readonly about: string;
  readonly taken: boolean;
  readonly onTake: () => void;
  readonly children: ReactNode;
}

function Card({ title, about, taken, onTake, children }: CardProps) {
  return (
    <button
      type="button"
      className={classes(styles.card, taken && styles.taken)}
      aria-pressed={taken}
      onClick={onTake}
    >
      {children}
      <span className={styles.title}>{title}</span>
      <span className={styles.about}>{about}</span>
    </button>
  );
}
