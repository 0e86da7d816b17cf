import 'nano-webcaster';
