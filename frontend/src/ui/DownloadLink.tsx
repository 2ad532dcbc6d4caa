import { Button } from './Button';
import styles from './Button.module.css';

interface DownloadLinkProps {
  href: string;
  /** The name it is kept under. */
  file: string;
  /** Shows the file elsewhere, where this page is the program's own window and can keep none. */
  onShow: () => void;
  children: string;
}

/** A file to keep, looking like the button that it is to the person. */
export function DownloadLink({ href, file, onShow, children }: DownloadLinkProps) {
  if (isWindow()) return <Button onPress={onShow}>{children}</Button>;
  return (
    <a className={styles.button} href={href} download={file} style={{ textDecoration: 'none' }}>
      {children}
    </a>
  );
}

/** Whether the page is in the desktop window: its origin is wails://wails, or http://wails.localhost on Windows. */
function isWindow(): boolean {
  return window.location.protocol === 'wails:' || window.location.hostname === 'wails.localhost';
}
