/** A word that explains itself on hover, focus and tap; and hints on controls. The tip stands above everything, unclipped. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { glossaryTexts, termTexts } from '../texts/glossary.ts';
import type { GlossaryWord } from '../texts/glossary.ts';
import { HintTimer } from './hint-timer.ts';
import styles from './Term.module.css';

interface TermProps {
  readonly word: GlossaryWord;
  /** The text shown; the word itself without it. */
  readonly children?: ReactNode;
}

export function Term({ word, children }: TermProps) {
  return <Explained text={glossaryTexts[word]}>{children ?? termTexts[word] ?? word}</Explained>;
}

/** Any short text with an explanation of its own. */
export function Explained({ text, children }: { text: ReactNode; children: ReactNode }) {
  const { anchor, open, show, tipId, handlers, onTip } = useTip(200);
  return (
    <span ref={anchor} className={styles.anchor} {...handlers}>
      <button
        type="button"
        className={styles.term}
        onClick={(event) => {
          event.preventDefault();
          show();
        }}
      >
        {children}
      </button>
      {open && (
        <Tip id={tipId} anchor={anchor} handlers={onTip}>
          {text}
        </Tip>
      )}
    </span>
  );
}

/** A hint on a control that has a name already; on one that is disabled too. */
export function Hint({ text, children }: { text: ReactNode; children: ReactNode }) {
  const { anchor, open, tipId, handlers, onTip } = useTip(400);
  return (
    <span ref={anchor} className={styles.anchor} {...handlers}>
      {children}
      {open && (
        <Tip id={tipId} anchor={anchor} handlers={onTip}>
          {text}
        </Tip>
      )}
    </span>
  );
}

function useTip(delay: number) {
  const [open, setOpen] = useState(false);
  const tipId = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const [timer] = useState(() => new HintTimer({ delay, onChange: setOpen }));
  const isRead = (): boolean => Boolean(anchor.current?.querySelector(':focus-visible'));
  useEffect(() => () => timer.stay(), [timer]);
  useEffect(() => {
    const control = anchor.current?.firstElementChild;
    if (!open || !control) return;
    control.setAttribute('aria-describedby', tipId);
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') timer.hide();
    };
    const away = ({ target }: PointerEvent): void => {
      if (!(target instanceof Node && anchor.current?.contains(target))) timer.hide();
    };
    addEventListener('keydown', leave);
    addEventListener('pointerdown', away);
    return () => {
      control.removeAttribute('aria-describedby');
      removeEventListener('keydown', leave);
      removeEventListener('pointerdown', away);
    };
  }, [open, timer, tipId]);
  return {
    anchor,
    open,
    show: () => timer.show(),
    tipId,
    handlers: {
      onPointerEnter: ({ pointerType }: { pointerType: string }) => timer.enter(pointerType),
      onPointerLeave: ({ pointerType }: { pointerType: string }) => timer.leave(pointerType, isRead),
      onFocus: ({ target }: { target: Element }) => {
        if (target.matches(':focus-visible')) timer.show();
      },
      onBlur: () => timer.hide(),
    },
    onTip: {
      onPointerEnter: () => timer.stay(),
      onPointerLeave: () => timer.leave('mouse', isRead),
    },
  };
}

interface TipProps {
  readonly id: string;
  readonly anchor: RefObject<HTMLSpanElement | null>;
  readonly handlers: { readonly onPointerEnter: () => void; readonly onPointerLeave: () => void };
  readonly children: ReactNode;
}

const GAP = 6;
const EDGE = 8;

function Tip({ id, anchor, handlers, children }: TipProps) {
  const tip = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const place = anchor.current?.firstElementChild?.getBoundingClientRect();
    const { current } = tip;
    if (!place || !current) return;
    current.showPopover();
    const { width, height } = current.getBoundingClientRect();
    const above = place.top - GAP - height;
    current.style.top = `${above >= EDGE ? above : place.bottom + GAP}px`;
    const left = place.left + (place.width - width) / 2;
    current.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
  }, [anchor]);
  return (
    <span ref={tip} id={id} role="tooltip" popover="manual" className={styles.tip} {...handlers}>
      {children}
    </span>
  );
}
