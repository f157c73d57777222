import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { z } from 'zod';
import { Name } from '../domain/federation-spec.js';

const Params = z.object({ id: Name });

/**
 * One line for each answered request: which command it was, from whom, and how it ended. It names the route and not the
 * address, which holds the logins of users.
 */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const { method, routeOptions, actor, ip, problemCode } = request;
    const line = {
      method,
      route: routeOptions.url ?? null,
      federation: Params.safeParse(request.params).data?.id ?? null,
      actor: actor?.name ?? null,
      from: ip,
      status: reply.statusCode,
      code: problemCode,
      ms: Math.round(reply.elapsedTime),
    };
    if (error == null) request.log.info(line, 'answered');
    else request.log.error({ ...line, err: error }, 'not answered');
  }

  override routeNotFound(): void {}
}
