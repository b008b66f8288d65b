import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { methodsOf } from '@platform/config';
import { Database } from './database';

const TRANSACTIONAL = Symbol.for('omnistack.transactional');

/** The method runs in the transaction of its caller, or in one of its own. Wired at boot, for singletons. */
export function Transactional(): MethodDecorator {
  return (_target, _property, descriptor: PropertyDescriptor) => {
    Object.defineProperty(descriptor.value, TRANSACTIONAL, { value: true });
  };
}

type Method = (...parameters: unknown[]) => Promise<unknown>;

/** Wraps every method that says `@Transactional`, on the instances of this process and with its database. */
@Injectable()
export class TransactionalBinder implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly database: Database,
  ) {}

  /** Runs once the instances exist and before the process serves. */
  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      this.bind(instance as Record<string, unknown>);
    }
  }

  private bind(instance: Record<string, unknown>): void {
    for (const { method, name } of methodsOf(instance)) {
      if (!(TRANSACTIONAL in method)) continue;
      const original = method as unknown as Method;
      instance[name] = (...parameters: unknown[]) =>
        this.database.transaction(() => original.apply(instance, parameters));
    }
  }
}
