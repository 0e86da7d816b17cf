import { Component, CUSTOM_ELEMENTS_SCHEMA, signal, provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import type { BroadcastStatusEvent } from 'nano-webcaster';
import 'nano-webcaster';

@Component({
  selector: 'studio-page',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <main>
      <h1>Angular</h1>
      <nano-webcaster
        #webcaster
        server="/whip/angular"
        [reconnectMaxRetries]="20"
        [muted]="muted()"
        [videoMuted]="videoMuted()"
        (broadcast-status)="showStatus($event)"
      >
        <span slot="idle">Ready when you are.</span>
      </nano-webcaster>
      <button type="button" (click)="webcaster.start()">Go live</button>
      <label><input type="checkbox" [checked]="muted()" (change)="muted.set(!muted())" /> Mute</label>
      <label
        ><input type="checkbox" [checked]="videoMuted()" (change)="videoMuted.set(!videoMuted())" /> No picture</label
      >
      <output>{{ status() }}</output>
    </main>
  `,
})
class Studio {
  readonly status = signal('off');
  readonly muted = signal(false);
  readonly videoMuted = signal(false);

  showStatus({ detail }: BroadcastStatusEvent): void {
    this.status.set(detail.data.message);
  }
}

void bootstrapApplication(Studio, { providers: [provideZonelessChangeDetection()] });
