/** Screens of the handheld. Places stand in the fragment: ids of records never reach a server's log, and any path opens without a network. */
import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import CameraScreen from './screens/camera-screen.vue'
import FeedbackScreen from './screens/feedback-screen.vue'
import MoreScreen from './screens/more-screen.vue'
import RecordScreen from './screens/record-screen.vue'
import RecordsScreen from './screens/records-screen.vue'
import RefusedScreen from './screens/refused-screen.vue'
import TodayScreen from './screens/today-screen.vue'
import VisitScreen from './screens/visit-screen.vue'
import VisitsScreen from './screens/visits-screen.vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** The tab that stays lit; without one the screen stands alone, with a way back. */
    readonly tab?: 'today' | 'visits' | 'incidents' | 'tasks' | 'more'
  }
}

export const createHandheldRouter = (): Router =>
  createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'today', component: TodayScreen, meta: { tab: 'today' } },
      { path: '/visits', name: 'visits', component: VisitsScreen, meta: { tab: 'visits' } },
      { path: '/visits/:id', name: 'visit', component: VisitScreen, props: true },
      {
        path: '/visits/:id/feedback',
        name: 'feedback',
        component: FeedbackScreen,
        props: (to) => ({ id: to.params['id'], finish: to.query['finish'] === '1', mend: to.query['mend'] ?? null }),
      },
      { path: '/visits/:id/camera', name: 'camera', component: CameraScreen, props: true },
      {
        path: '/incidents',
        name: 'incidents',
        component: RecordsScreen,
        props: { group: 'incidents' },
        meta: { tab: 'incidents' },
      },
      { path: '/tasks', name: 'tasks', component: RecordsScreen, props: { group: 'tasks' }, meta: { tab: 'tasks' } },
      { path: '/records/:type/:id', name: 'record', component: RecordScreen, props: true },
      { path: '/refused', name: 'refused', component: RefusedScreen },
      { path: '/more', name: 'more', component: MoreScreen, meta: { tab: 'more' } },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  })
