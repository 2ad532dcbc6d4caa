import { useState } from 'react';
import styles from './ShowHead.module.css';

/** The event's picture, small and for the eye alone. It comes from elsewhere: where it does not come, nothing is missing. */
export function EventPicture({ address }: { address: string | undefined }) {
  const [broken, setBroken] = useState('');
  if (!address || broken === address) return null;
  return (
    <img
      className={styles.picture}
      src={address}
      alt=""
      width={72}
      height={72}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => setBroken(address)}
    />
  );
}
