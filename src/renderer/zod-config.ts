import { z } from 'zod';

// Imported before any schema: zod decides at a schema's birth, and its compiled parsers need eval, which the CSP forbids.
z.config({ jitless: true });
