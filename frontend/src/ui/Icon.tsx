/** The till's own line drawings on a 24-unit grid; decorative, because a word always stands beside them. */
const drawings = {
  tick: 'm5 12.5 4.6 4.7L19 7.2',
  cross: 'm6.5 6.5 11 11m0-11-11 11',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  phone: 'M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3Zm2.8 15h2.4',
  hand: 'M12 4.2 21 20H3L12 4.2Zm0 6v4.4m0 2.6v.1',
  clock: 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17Zm0 4V12l3.2 2',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm0-5.5v2m0 15v2m9.5-9.5h-2m-15 0h-2m16.2-6.7-1.4 1.4M6.7 17.3l-1.4 1.4m13.4 0-1.4-1.4M6.7 6.7 5.3 5.3',
  moon: 'M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7Z',
  search: 'M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12Zm4.4 10.4 5 5',
  back: 'm14.5 5-7 7 7 7',
  forward: 'm9.5 5 7 7-7 7',
  up: 'm5 14.5 7-7 7 7',
  down: 'm5 9.5 7 7 7-7',
  ticket: 'M3.5 7h17v3.2a1.9 1.9 0 0 0 0 3.6V17h-17v-3.2a1.9 1.9 0 0 0 0-3.6V7Zm11 1.5v7',
  list: 'M8 6.5h12M8 12h12M8 17.5h12M4 6.5h.1M4 12h.1m-.1 5.5h.1',
  again: 'M19 5.5v4.3h-4.3M5 18.5v-4.3h4.3m9-4.6A7 7 0 0 0 6.4 7.8M5.7 14.4a7 7 0 0 0 11.9 1.8',
  keys: 'M3.5 6.5h17v11h-17v-11Zm3.5 3.5h.1m3.2 0h.1m3.2 0h.1m3.2 0h.1M8 14h8',
  calendar: 'M4 6h16v14H4V6Zm0 4.5h16M8.5 3.5V8m7-4.5V8',
  poster: 'M5.5 3h13v18h-13V3Zm3.5 4h6m-6 3h6m-6 4h2.5v3.5H9V14Zm5.5 0h.5m0 3.5h-.5',
  settings: 'M4 7h9.5m4.5 0h2M4 17h2m4.5 0H20M15.75 4.75v4.5m-7.5 5.5v4.5',
  lock: 'M5.5 10.5h13V21h-13V10.5Zm2.7 0V7.3a3.8 3.8 0 0 1 7.6 0v3.2M12 14.5v2.5',
  link: 'M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12.4 6M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.2-1.3',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm9.5-3a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z',
  hidden: 'M4 4l16 16M9.9 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.9 3.6M6 7.7A17 17 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 3.6-.8M10 10.1a3 3 0 0 0 4 4',
  copy: 'M9 9h11v11H9V9Zm-3.5 6H4V4h11v1.5',
  return: 'M9.5 5 4.5 10l5 5M5 10h9.5a5 5 0 0 1 0 10H9',
  coins: 'M9.5 4.5a5 2.2 0 1 1 0 4.4 5 2.2 0 0 1 0-4.4Zm-5 2.2v8c0 1.2 2.2 2.2 5 2.2M14.5 6.7v3M14.5 11.3a5 2.2 0 1 1 0 4.4 5 2.2 0 0 1 0-4.4Zm-5 2.2v4.3c0 1.2 2.2 2.2 5 2.2s5-1 5-2.2v-4.3M4.5 10.7c0 1.2 2.2 2.2 5 2.2',
  card: 'M3 5.5h18v13H3v-13ZM3 10h18M6.5 14.5h4',
  scales: 'M12 4v16m-4 0h8M5 7.5h14M5 7.5 2.5 14a2.6 2.6 0 0 0 5 0L5 7.5Zm14 0L16.5 14a2.6 2.6 0 0 0 5 0L19 7.5Z',
  more: 'M5.5 12h.1m6.4 0h.1m6.4 0h.1',
  drill: 'M4 15.5V8.5l9-4v15l-9-4Zm0 0H2.8v-7H4m9 1.2a3 3 0 0 1 0 4.6m3-7.3a7 7 0 0 1 0 10',
} as const;

export type IconName = keyof typeof drawings;

export function Icon({ name, size = 22 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={drawings[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="2.1"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
