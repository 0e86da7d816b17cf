import 'nano-webcaster';
import { createApp } from 'vue';
import Studio from './Studio.vue';

createApp(Studio).mount('#studio');
