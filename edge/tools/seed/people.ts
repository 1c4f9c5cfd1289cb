/** The people of the demo station. All invented: officers are a surname and a tree, visitors a surname and a solar term; document numbers carry
 *  the address code 000000 that belongs to no division. */
import type { Role } from '#protocols/record/access.ts'

export interface DemoStaff {
  readonly name: string
  readonly role: Role
  readonly level: number
  readonly post: string
  readonly postEn: string
}

const row = (role: Role, level: number, post: string, postEn: string, ...names: string[]): DemoStaff[] =>
  names.map((name) => ({ name, role, level, post, postEn }))

export const demoStaff: readonly DemoStaff[] = [
  ...row('front-desk', 2, '前台', 'Front desk', '宋木槿', '唐海棠', '许玉兰', '沈紫荆'),
  ...row(
    'officer',
    3,
    '社区民警',
    'Officer',
    '周银杏',
    '吴梧桐',
    '郑水杉',
    '王青松',
    '冯白桦',
    '陈云杉',
    '褚红枫',
    '卫香樟',
    '蒋榆木',
    '沈桂树',
    '韩冷杉',
    '杨柳青',
  ),
  ...row('duty-leader', 6, '值班所领导', 'Duty leader', '秦柏树', '尤楠木', '何铁杉'),
  ...row('unit-leader', 7, '所长', 'Head of station', '吕胡桃'),
  ...row('auxiliary', 1, '辅警', 'Auxiliary', '施苦楝', '张槐花', '孔山楂', '曹石楠', '严合欢', '华丁香', '金女贞', '魏棕榈'),
  ...row('seat', 3, '接警员', 'Seat', '陶海桐', '姜乌桕'),
  ...row('auditor', 6, '法制审核', 'Auditor', '戚紫杉'),
  ...row('administrator', 5, '系统管理员', 'Administrator', '谢刺槐'),
]

export interface DemoVisitor {
  readonly name: string
  readonly number: string
  readonly sex: 'm' | 'f'
  readonly birth: string
}

export const demoVisitors: readonly DemoVisitor[] = [
  { name: '林小满', number: '00000019881222404X', sex: 'f', birth: '1988-12-22' },
  { name: '陈立春', number: '000000199003201010', sex: 'm', birth: '1990-03-20' },
  { name: '吴白露', number: '000000195411072029', sex: 'f', birth: '1954-11-07' },
  { name: '何谷雨', number: '000000200002295057', sex: 'm', birth: '2000-02-29' },
  { name: '韩霜降', number: '000000197909106061', sex: 'f', birth: '1979-09-10' },
]
