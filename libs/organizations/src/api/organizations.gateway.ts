import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type DomainEventClass } from '@platform/kernel';
import { Events } from '@platform/queue';
import { Realtime } from '@platform/realtime';
import { MemberJoined, MemberLeft, MemberRoleChanged, type MembershipFacts } from '../contract';

/** Tells a person's sockets to which organizations the person belongs, and lets them hear of these as long as that lasts. */
@Injectable()
export class OrganizationsGateway implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
  ) {}

  /** Begin to listen. */
  onModuleInit(): void {
    this.forward(MemberJoined, 'created');
    this.forward(MemberRoleChanged, 'updated');
    this.forward(MemberLeft, 'deleted');
    this.events.onCommitted(MemberJoined, ({ payload: { organization_id, user_id } }) =>
      this.realtime.joinTenant(user_id, organization_id),
    );
    this.events.onCommitted(MemberLeft, ({ payload: { organization_id, user_id } }) =>
      this.realtime.leaveTenant(user_id, organization_id),
    );
  }

  private forward<P extends MembershipFacts>(
    event: DomainEventClass<P>,
    action: 'created' | 'updated' | 'deleted',
  ): void {
    this.events.onCommitted(event, ({ payload }) => {
      const { organization_id, user_id } = payload;
      this.realtime.toUser(user_id, { type: 'update', resource: 'organization', action, resource_id: organization_id });
    });
  }
}
