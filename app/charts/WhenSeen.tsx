/** Draws its content only while it is in sight: a chart below the fold costs as much as one above it. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

/** The content keeps a place of the full height of the parent while it is not drawn. */
export function WhenSeen({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!place.current) return;
    // A little ahead of the edge, so that scrolling finds the chart drawn.
    const observer = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? true), {
      rootMargin: '64px',
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} style={{ height: '100%' }}>
      {seen && children}
    </div>
  );
}
