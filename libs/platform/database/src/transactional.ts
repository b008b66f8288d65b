import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
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
    private readonly scanner: MetadataScanner,
    private readonly database: Database,
  ) {}

  /** Runs once the instances exist and before the process serves. */
  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (instance && typeof instance === 'object') this.bind(instance as Record<string, unknown>);
    }
  }

  private bind(instance: Record<string, unknown>): void {
    const prototype = Object.getPrototypeOf(instance) as object | null;
    if (!prototype || prototype === Object.prototype) return;
    for (const name of this.scanner.getAllMethodNames(prototype)) {
      const method = (prototype as Record<string, unknown>)[name];
      if (typeof method !== 'function' || !(TRANSACTIONAL in method)) continue;
      const original = method as unknown as Method;
      instance[name] = (...parameters: unknown[]) =>
        this.database.transaction(() => original.apply(instance, parameters));
    }
  }
}
