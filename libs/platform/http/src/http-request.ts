import { type Request, type Response } from 'express';

/** Express's request as the pipeline sees it. */
export type HttpRequest = Request & { rawBody?: Buffer };

/** Express's response. */
export type HttpResponse = Response;
