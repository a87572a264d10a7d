import { type ArchivePlace, folderPlace } from './place.ts';
import { s3From, s3Place } from './s3.ts';

/** The place that a person names: a folder, or `s3://bucket/prefix`. HistoryError where it cannot be used so. */
export const openPlace = (text: string, env: Readonly<Record<string, string | undefined>>): ArchivePlace =>
  text.startsWith('s3:') ? s3Place(s3From(text, env)) : folderPlace(text);
