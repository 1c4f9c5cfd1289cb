/** Six words for 48 bits of a hash, so that two people can compare two screens aloud (security.md, 4 "Enrolment", lane.md, 1). The lists are
 *  twins: word n of one means word n of the other, so each screen may show its own language and a person who reads both can compare across.
 *  Six words of a hash that is fixed before they are shown; they must never stand in for the hash itself where a machine compares.
 *  The lists are part of the protocol: a word is never changed, moved or used twice. */
import { abytes } from './bytes.ts'
import { sizes } from './sodium.ts'

const pairs = `
apple 苹果 pear 梨子 peach 桃子 plum 李子 cherry 樱桃 grape 葡萄 lemon 柠檬 orange 橙子
banana 香蕉 melon 甜瓜 mango 芒果 coconut 椰子 walnut 核桃 peanut 花生 almond 杏仁 olive 橄榄
tomato 番茄 potato 土豆 carrot 萝卜 onion 洋葱 garlic 大蒜 ginger 生姜 pepper 辣椒 spinach 菠菜
pumpkin 南瓜 celery 芹菜 mushroom 蘑菇 bamboo 竹子 lotus 荷花 rose 玫瑰 lily 百合 orchid 兰花
rice 米饭 noodle 面条 bread 面包 dumpling 饺子 cookie 饼干 candy 糖果 sugar 白糖 salt 食盐
vinegar 陈醋 soup 热汤 milk 牛奶 coffee 咖啡 tea 茶叶 juice 果汁 butter 黄油 tofu 豆腐
tiger 老虎 lion 狮子 panda 熊猫 monkey 猴子 rabbit 兔子 horse 骏马 camel 骆驼 yak 牦牛
sheep 绵羊 ox 黄牛 cat 小猫 dog 小狗 fox 狐狸 wolf 野狼 deer 小鹿 elephant 大象
koala 考拉 zebra 斑马 squirrel 松鼠 turtle 乌龟 frog 青蛙 carp 鲤鱼 shark 鲨鱼 whale 鲸鱼
dolphin 海豚 crab 螃蟹 shrimp 大虾 eagle 老鹰 swan 天鹅 pigeon 鸽子 duck 鸭子 rooster 公鸡
crane 仙鹤 magpie 喜鹊 sparrow 麻雀 swallow 燕子 penguin 企鹅 peacock 孔雀 bee 蜜蜂 beetle 甲虫
ant 蚂蚁 cricket 蟋蟀 spider 蜘蛛 snail 蜗牛 dragon 飞龙 feather 羽毛 shell 贝壳 coral 珊瑚
sun 太阳 moon 月亮 star 星星 sky 天空 cloud 白云 rain 雨水 snow 雪花 wind 清风
thunder 雷声 rainbow 彩虹 mist 大雾 ice 冰块 fire 火焰 smoke 炊烟 earth 地球 sand 沙子
stone 石头 mountain 高山 hill 山坡 valley 山谷 cave 山洞 river 河流 lake 湖泊 ocean 海洋
island 海岛 reef 礁石 desert 沙漠 forest 森林 meadow 草地 garden 花园 tree 大树 leaf 树叶
spring 春天 summer 夏天 autumn 秋天 winter 冬天 morning 早晨 evening 傍晚 clock 时钟 calendar 日历
cabin 木屋 door 大门 window 窗户 wall 墙壁 roof 屋顶 stairs 楼梯 kitchen 厨房 balcony 阳台
tower 高塔 bridge 桥梁 temple 寺庙 palace 宫殿 school 学校 study 书房 museum 展馆 hospital 医院
bank 银行 hotel 酒店 shop 商店 market 市场 factory 工厂 farm 农场 park 公园 street 街道
table 桌子 chair 椅子 cradle 摇篮 sofa 沙发 lamp 台灯 mirror 镜子 carpet 地毯 curtain 窗帘
pillow 枕头 blanket 毛毯 napkin 餐巾 sponge 海绵 comb 梳子 bucket 水桶 broom 扫帚 basket 篮子
bottle 瓶子 cup 杯子 bowl 饭碗 plate 盘子 spoon 勺子 fork 叉子 fan 扇子 kettle 水壶
key 钥匙 lock 门锁 hammer 锤子 nail 钉子 saw 锯子 ladder 梯子 shovel 铲子 needle 缝针
umbrella 雨伞 helmet 头盔 shirt 衬衫 trousers 裤子 dress 裙子 coat 大衣 glove 手套 scarf 围巾
sandal 凉鞋 stocking 袜子 ribbon 丝带 button 纽扣 pocket 口袋 ring 戒指 necklace 项链 watch 手表
book 书本 paper 纸张 pencil 铅笔 brush 毛笔 ink 墨水 letter 书信 stamp 邮票 map 地图
picture 图画 camera 相机 radio 电台 phone 电话 computer 电脑 screen 屏幕 battery 电池 candle 蜡烛
jeep 吉普 bus 巴士 train 火车 bicycle 单车 truck 卡车 canoe 小船 ferry 轮渡 airplane 飞机
wheel 车轮 engine 引擎 anchor 船锚 ticket 车票 road 公路 tunnel 隧道 harbor 港口 airport 机场
piano 钢琴 violin 提琴 guitar 吉他 flute 笛子 drum 大鼓 bell 铃铛 song 歌曲 dance 舞蹈
marble 弹珠 kite 风筝 chess 象棋 puzzle 拼图 balloon 气球 lantern 灯笼 flag 旗帜 gold 黄金`

const words = pairs.trim().split(/\s+/)

export const wordsEn: readonly string[] = words.filter((_, at) => at % 2 === 0)
export const wordsZh: readonly string[] = words.filter((_, at) => at % 2 === 1)

export type WordLanguage = 'en' | 'zh-CN'

/** Words of the first six bytes, in order. hash32: 32 bytes. */
export const sixWords = (hash32: Uint8Array, language: WordLanguage = 'en'): string[] => {
  const list = language === 'en' ? wordsEn : wordsZh
  return [...abytes(hash32, sizes.hash, 'words hash').subarray(0, 6)].map((byte) => list[byte] as string)
}
