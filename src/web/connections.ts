import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Connections that have not yet asked for anything they were let in for. */
  readonly strangers: number;
  /** Connections of pages that were let in. */
  readonly guests: number;
  /** A request's headers are here after this long, or its connection ends. */
  readonly headersMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = { strangers: 128, guests: 64, headersMs: 5_000 };

/**
 * Bounds what other programs of the machine can hold open. The oldest connection makes room for the newest: whatever opens
 * connections and says nothing shuts out itself, and no page.
 */
export function boundConnections(server: Server, limits: ConnectionLimits): { letIn(socket: Socket): void } {
  const strangers = new Set<Socket>();
  const guests = new Set<Socket>();
  const admit = (socket: Socket, to: Set<Socket>, limit: number): void => {
    to.add(socket);
    const [oldest] = to;
    if (to.size > limit && oldest !== undefined) {
      to.delete(oldest);
      oldest.destroy();
    }
  };
  server.on('connection', (socket: Socket) => {
    admit(socket, strangers, limits.strangers);
    socket.once('close', () => {
      strangers.delete(socket);
      guests.delete(socket);
    });
  });
  return {
    letIn(socket) {
      if (!strangers.delete(socket) || socket.destroyed) return;
      admit(socket, guests, limits.guests);
    },
  };
}
