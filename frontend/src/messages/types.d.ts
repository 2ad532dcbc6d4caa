import type { Messages } from './en';
import type { pay } from './pay.en';

declare module 'use-intl' {
  interface AppConfig {
    Messages: Messages & { pay: typeof pay };
  }
}
