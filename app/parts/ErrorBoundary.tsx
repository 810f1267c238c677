/** Catches what goes wrong while drawing, so that the page is never blank and nothing a person typed is lost. */
import { Component } from 'react';
import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import { forgetFailedLoads } from './retryable.ts';
import { pageTexts } from '../texts/page.ts';
import { Phrase } from './Phrase.tsx';
import styles from './ErrorBoundary.module.css';

interface Props {
  readonly children: ReactNode;
  /** What is in danger, for the person to copy. */
  readonly configText: () => string;
  /** The part of the page that this boundary guards; the whole page without it. */
  readonly part?: string;
}

export class ErrorBoundary extends Component<
  Props,
  { readonly error: Error | null; readonly copied: boolean }
> {
  override state = { error: null, copied: false };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const error: Error | null = this.state.error;
    if (!error) return this.props.children;
    const { part } = this.props;
    return (
      <div className={styles.failed} role="alert">
        <h2>{part ? pageTexts.partFailed(part) : pageTexts.pageFailed}</h2>
        <p>
          <Phrase text={pageTexts.mistake} parts={{ message: <code>{(error as Error).message}</code> }} />
        </p>
        <p>{pageTexts.configKept}</p>
        <div className={styles.actions}>
          {part && (
            <Button
              onClick={() => {
                forgetFailedLoads();
                this.setState({ error: null });
              }}
            >
              {pageTexts.tryAgain}
            </Button>
          )}
          <Button look="primary" onClick={() => globalThis.location.reload()}>
            {pageTexts.reload}
          </Button>
          <Button
            onClick={() => {
              void navigator.clipboard
                .writeText(this.props.configText())
                .then(() => this.setState({ copied: true }));
            }}
          >
            {this.state.copied ? pageTexts.copied : pageTexts.copyConfig}
          </Button>
        </div>
      </div>
    );
  }
}
