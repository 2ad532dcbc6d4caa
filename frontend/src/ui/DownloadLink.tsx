import styles from './Button.module.css';

/** A file to keep, looking like the button that it is to the person. `file` is the name it is kept under. */
export function DownloadLink({ href, file, children }: { href: string; file: string; children: string }) {
  return (
    <a className={styles.button} href={href} download={file} style={{ textDecoration: 'none' }}>
      {children}
    </a>
  );
}
