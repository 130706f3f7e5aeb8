"""What people say that is no command: sentences to fix the threshold by, and others to test it with.

The phonetically balanced ones are Harvard sentences (IEEE Recommended Practice for Speech Quality Measurements, 1969):
lists 1 to 4 calibrate, lists 5 to 8 test.
"""

from typing import Final, Literal

Purpose = Literal["calibration", "test"]

_CALIBRATION: Final = """\
The birch canoe slid on the smooth planks.
Glue the sheet to the dark blue background.
It's easy to tell the depth of a well.
These days a chicken leg is a rare dish.
Rice is often served in round bowls.
The juice of lemons makes fine punch.
The box was thrown beside the parked truck.
The hogs were fed chopped corn and garbage.
Four hours of steady work faced us.
A large size in stockings is hard to sell.
The boy was there when the sun rose.
A rod is used to catch pink salmon.
The source of the huge river is the clear spring.
Kick the ball straight and follow through.
Help the woman get back to her feet.
A pot of tea helps to pass the evening.
Smoky fires lack flame and heat.
The soft cushion broke the man's fall.
The salt breeze came across from the sea.
The girl at the booth sold fifty bonds.
The small pup gnawed a hole in the sock.
The fish twisted and turned on the bent hook.
Press the pants and sew a button on the vest.
The swan dive was far short of perfect.
The beauty of the view stunned the young boy.
Two blue fish swam in the tank.
Her purse was full of useless trash.
The colt reared and threw the tall rider.
It snowed, rained, and hailed the same morning.
Read verse out loud for pleasure.
Hoist the load to your left shoulder.
Take the winding path to reach the lake.
Note closely the size of the gas tank.
Wipe the grease off his dirty face.
Mend the coat before you go out.
The wrist was badly strained and hung limp.
The stray cat gave birth to kittens.
The young girl gave no clear response.
The meal was cooked before the bell rang.
What joy there is in living.
What time is it?
Did you lock the door?
I will be home by seven.
Has anybody seen my keys?
The train was late again this morning.
Let us order a pizza tonight.
She said that the meeting was moved.
My phone is almost out of battery.
Where did you park the car?
It looks like rain.
Thank you very much for your help.
The coffee is ready.
Could you turn the radio down?
I have not slept well.
How was your weekend?
Somebody is at the door.
Nice to meet you.
We ran out of milk.
Good morning everybody.
I think so too.
"""

_TEST: Final = """\
A king ruled the state in the early days.
The ship was torn apart on the sharp reef.
Sickness kept him home the third week.
The wide road shimmered in the hot sun.
The lazy cow lay in the cool grass.
Lift the square stone over the fence.
The rope will bind the seven books at once.
Hop over the fence and plunge in.
The friendly gang left the drug store.
Mesh wire keeps chicks inside.
The frosty air passed through the coat.
The crooked maze failed to fool the mouse.
Adding fast leads to wrong sums.
The show was a flop from the very start.
A saw is a tool used for making boards.
The wagon moved on well oiled wheels.
March the soldiers past the next hill.
A cup of sugar makes sweet fudge.
Place a rosebush near the porch steps.
Both lost their lives in the raging storm.
We talked of the side show in the circus.
Use a pencil to write the first draft.
He ran half way to the hardware store.
The clock struck to mark the third period.
A small creek cut across the field.
Cars and busses stalled in snow drifts.
The set of china hit the floor with a crash.
This is a grand season for hikes on the road.
The dune rose from the edge of the water.
Those words were the cue for the actor to leave.
A yacht slid around the point into the bay.
The two met while playing on the sand.
The ink stain dried on the finished page.
The walled town was seized without a fight.
The lease ran out in sixteen weeks.
A tame squirrel makes a nice pet.
The horn of the car woke the sleeping cop.
The heart beat strongly and with firm strokes.
The pearl was worn in a thin silver ring.
The fruit peel was cut in thick slices.
Do you know when the shop closes?
Please remind me to call my mother.
I am going to the dentist on Friday.
Who left the window open?
The children are asleep already.
We should paint the kitchen this summer.
Did you hear the news?
My sister lives in the country.
There is nothing on television.
What would you like for dinner?
I forgot to water the plants.
That was a very good film.
Can I borrow your umbrella?
The lift is broken again.
See you tomorrow.
He has worked here for years.
Never mind.
I cannot find my glasses.
You are welcome.
Happy birthday to you.
"""

SENTENCES: Final[dict[Purpose, tuple[str, ...]]] = {
    "calibration": tuple(_CALIBRATION.splitlines()),
    "test": tuple(_TEST.splitlines()),
}
