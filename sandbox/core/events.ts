/** What happens in an org and what its other parts (provisioning, event hooks) react to. */
export type DomainEvent =
  | { readonly type: 'user.created' | 'user.activated' | 'user.deactivated' | 'user.deleted'; readonly userId: string }
  | { readonly type: 'user.suspended' | 'user.unsuspended' | 'user.updated'; readonly userId: string }
  | { readonly type: 'user.passwordChanged'; readonly userId: string }
  | { readonly type: 'appUser.assigned' | 'appUser.updated'; readonly appId: string; readonly userId: string }
  | {
      readonly type: 'appUser.unassigned';
      readonly appId: string;
      readonly userId: string;
      /** Id of the user in the target app, null if it was never provisioned. */
      readonly externalId: string | null;
    }
  | { readonly type: 'appGroup.assigned' | 'appGroup.unassigned'; readonly appId: string; readonly groupId: string }
  | {
      readonly type: 'groupMembership.changed';
      readonly groupId: string;
      readonly userId: string;
      readonly member: boolean;
    }
  | { readonly type: 'group.updated' | 'group.deleted'; readonly groupId: string }
  | { readonly type: 'app.activated' | 'app.deactivated' | 'app.deleted'; readonly appId: string }
  | { readonly type: 'connection.activated' | 'connection.deactivated'; readonly appId: string }
  | {
      readonly type: 'groupPushMapping.created' | 'groupPushMapping.updated' | 'groupPushMapping.deleted';
      readonly appId: string;
      readonly mappingId: string;
      readonly deleteTargetGroup?: boolean;
    };

type Subscriber = (event: DomainEvent) => void;

/** Hands each event to all subscribers, in the order of subscription, before the writing call is answered. */
export class DomainEvents {
  readonly #subscribers = new Set<Subscriber>();

  emit(event: DomainEvent): void {
    for (const subscriber of this.#subscribers) subscriber(event);
  }

  /** Returns the function that ends the subscription. */
  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }
}
