/**
 * A button that asks for a file (or several) from the person's disk. It offers every file: a filter by extension greys
 * out all of them on iOS, which knows no type for .safetensors or .yaml. What is wrong is refused by its content.
 */
import { useRef } from 'react';
import { Button } from './Button.tsx';
import type { IconName } from './Icon.tsx';

interface FileButtonProps {
  readonly label: string;
  readonly title?: string;
  readonly icon?: IconName;
  readonly look?: 'normal' | 'quiet';
  readonly multiple?: boolean;
  readonly onFile?: (file: File) => void;
  readonly onFiles?: (files: readonly File[]) => void;
}

export function FileButton(props: FileButtonProps) {
  const { label, title, icon, look = 'quiet', multiple = false, onFile, onFiles } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look={look} {...(icon ? { icon } : {})} title={title} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple={multiple}
        aria-label={title ?? label}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files[0]) onFile?.(files[0]);
          if (files.length > 0) onFiles?.(files);
        }}
      />
    </>
  );
}
