/** A word that explains itself on hover, focus and tap; and hints on controls. The tip stands above everything, unclipped. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { glossaryTexts, termTexts } from '../texts/glossary.ts';
import type { GlossaryWord } from '../texts/glossary.ts';
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

/** The pointer may cross from the word to its tip, and a finger is lifted before a tip is read. */
const GRACE_MS = 120;
const TOUCH_MS = 2500;

function useTip(delay: number) {
  const [open, setOpen] = useState(false);
  const tipId = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const later = (next: boolean, ms: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      // A pointer that moves away, or from under which the page moves, takes nothing from who reads by keyboard.
      if (next || !anchor.current?.querySelector(':focus-visible')) setOpen(next);
    }, ms);
  };
  // A finger has left by the time that its tap is a click: what that began to close stays open.
  const show = (): void => {
    clearTimeout(timer.current);
    setOpen(true);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    const control = anchor.current?.firstElementChild;
    if (!open || !control) return;
    control.setAttribute('aria-describedby', tipId);
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setOpen(false);
    };
    const away = ({ target }: PointerEvent): void => {
      if (!(target instanceof Node && anchor.current?.contains(target))) setOpen(false);
    };
    addEventListener('keydown', leave);
    addEventListener('pointerdown', away);
    return () => {
      control.removeAttribute('aria-describedby');
      removeEventListener('keydown', leave);
      removeEventListener('pointerdown', away);
    };
  }, [open, tipId]);
  const touch = (pointerType: string): boolean => pointerType === 'touch';
  return {
    anchor,
    open,
    show,
    tipId,
    handlers: {
      onPointerEnter: ({ pointerType }: { pointerType: string }) =>
        later(true, touch(pointerType) ? 500 : delay),
      onPointerLeave: ({ pointerType }: { pointerType: string }) =>
        later(false, touch(pointerType) && open ? TOUCH_MS : GRACE_MS),
      onFocus: ({ target }: { target: Element }) => {
        if (target.matches(':focus-visible')) setOpen(true);
      },
      onBlur: () => setOpen(false),
    },
    onTip: {
      onPointerEnter: () => clearTimeout(timer.current),
      onPointerLeave: () => later(false, GRACE_MS),
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
