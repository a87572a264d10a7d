/** Under this name the writers of a schema say that they have written. */
export const channelOf = (schema: string): string => `${schema}_written`;
