/** Version of the page, put in by the build. */
declare const __APP_VERSION__: string;
