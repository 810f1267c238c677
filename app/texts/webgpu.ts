/** What this browser offers of WebGPU, in words a person can act on. */
import { texts } from './language.ts';

export const webgpuTexts = texts('webgpu', {
  insecure: 'WebGPU needs a secure page.',
  insecureAbout:
    'Open the page over https or on localhost. Training runs on the processor meanwhile: everything works, only slower.',
  noApi: 'This browser has no WebGPU.',
  noAdapter: 'The browser has WebGPU but found no graphics card for it.',
  software: 'WebGPU runs on the processor here.',
  softwareAbout: (remedy: string) =>
    `The browser imitates a graphics card in software, so small models are the ones to train. ${remedy}`,
  withFallback: (remedy: string) =>
    `${remedy} Training runs on the processor meanwhile: everything works, only slower.`,
  withoutApi: {
    firefox:
      'Firefox has it from version 141 on Windows and 145 on macOS; Chrome and Edge have it since 113.',
    safari: 'Safari has it from version 26 (macOS, iOS and iPadOS 26); Chrome and Edge have it since 113.',
    edge: 'Edge has it since version 113 on Windows and macOS, and since 121 on Android.',
    chrome:
      'Chrome and Edge have it since version 113 on Windows and macOS, and since 121 on Android; on Linux it may have to be switched on at chrome://flags/#enable-unsafe-webgpu.',
  },
  withoutAdapter: {
    firefox:
      'To use a real one: in Settings, General, Performance, let Firefox use hardware acceleration, and update the graphics driver; about:support says what it found.',
    safari:
      'To use a real one: update the system, and switch off Lockdown Mode for this site, which takes WebGPU away.',
    edge: 'To use a real one: in Settings, System and performance, switch on graphics acceleration, and update the graphics driver; edge://gpu says what it found.',
    chrome:
      'To use a real one: in Settings, System, switch on graphics acceleration, and update the graphics driver; chrome://gpu says what it found.',
  },
});
