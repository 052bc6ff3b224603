"""What people write in danger, by kind, and what only sounds like it."""

SPOKEN = {
    "suicide": """
theyd all be better off without me|dont see the point anymore|he's bought a rope|saving up my tablets
i dont trust myself tonight|scared i might do something stupid|cant keep myself safe
i keep thinking about driving into a tree|voices telling me to end it|passive death wish|he left a note
if they send me back i will kill my self
want to die|wanna die|i want to just die|i wnat to die|kms|unalive myself|end it all|thinking of ending it
ending my life|kill myself|killmyself|wanttodie|going to top myself|suicidal|sucidal|siucide|suiside thoughts
better off dead
dont want to be here anymore|dont want 2 b here|i don't want to live|no point in living|nothing to live for
wish i was dead|wish id never been born|wish i could go to sleep and not wake up|life isnt worth living
husband died dont know how to go on
my kids would be better off without me|cant go on|cant do this anymore|cant take it any more|tired of living
hanging myself|jump off a bridge|throw myself under a train|hubby says hes going to kill himself|my son is suicidal
pt has suicidal ideation|TLNWL|planning to end things|take my own life|took all my tablets|how to die painlessly
thoughts of dying|ready to die|walk in front of a train|standing on the edge of the bridge|i dont want to wake up
she wrote a suicide note|suicide bereavement group|not suicidal just really low|I AM SUICIDAL|want to end it
whats the point of living|feel like topping myself|he wants to kill himself tonight|fed up of living
""",
    "self-harm": """
found scars all up my sons arms|bangs her head against the wall|s/h|need to cut so bad
picking my skin till it bleeds
cutting myself|self harm|self-harming|selfharm|cut my arms|my daughter is cutting herself
found razor blades in her room
burning myself with cigarettes|hurting myself|cutting|urge to cut|she keeps cutting|self harmimg|dsh|overdose
cutting my arms to cope|harming himself|scratching her arms|punching myself|ive taken an overdose|overdosed
""",
    "abuse": """
he grabbed me by the throat|throws plates at me|he says if i leave he will find me
taking me abroad to get married|they took my passport|drug dealers have taken over my flat
uncle used to touch me|living in fear
hes hitting me|he's hitting me|he is hitting me|my partner hits me|my husband hit me again|domestic violence
domestic abuse|fleeing dv|boyfriend is violent|scared of my husband|afraid of my ex|raped|i was raped last year
sexual assault
sexually assaulted by a mate|stalker|my ex is stalking me|he wont let me leave the house|he controls all my money
walking on egg shells|being beaten by my wife|girlfriend beats me|he strangled me|threatened to kill me
forced marriage
fgm|coercive control|women's refuge|my son hits me|carer is rough with my nan|elder abuse|being abused
abusive relationship|abuced as a child|gaslighting|he checks my phone|he takes all my money|not safe at home
dont feel safe at home|beats me up|knocked me about|trafficked|revenge porn|molested|he puts his hands on me
my partner punched me|how do i leave my abusive husband|im being hit by my dad|domestik violance
boyfriend controls all the money and threatens me|he checks my phone and wont let me see my mates
death threats from ex
""",
    "child-at-risk": """
my stepdad comes in my room at night|older man talking to my daughter online|kids next door never fed
gang got my 14 year old|my 15 year old hasnt come home
child being hurt|child abuse|kids are being hit|my stepdad touches me|my dad hits me|im 14 and my mum hits me
someone is hurting my child|he hits the kids|worried a child is being abused|neighbours kids are neglected
child neglect
shes being groomed online|my husband hits my son|my baby is in danger|child at risk|safeguarding concern
thoughts of hurting my baby|scared i will hurt my baby|kids left home alone|my daughter has run away|county lines
shook the baby|bruises all over my grandson
""",
    "emergency": """
taken 30 paracetamol|dad has collapsed|slurring his words|pain across my chest|hes trying to get in the house
hes got a knife|not breathing|she wont wake up|unconscious|chest pain|need an ambulance|he is going to kill me
call 999
stabbed|bleeding wont stop|in danger right now|taken too many tablets|swallowed bleach|he's breaking the door down
having a stroke|overdose|ive od'd|jumping off the roof|house is on fire
""",
}

HARMLESS = """
abuse of disabled parking spaces report|parking abuse in our close|dont want to live here anymore neighbours
dont want to be here in this flat anymore|living in fear of eviction|verbal abuse at work from customers
killing time|die casting course|dying to meet people|cutting down drinking|hit by bedroom tax|abuse of power
my back is killing me|cutting edge|hair cutting course|hit rock bottom|alcohol abuse|substance abuse group
drug and alcohol abuse|shouting abuse at us over the fence|kicked my son out|landlord kicking me out
kicked out by my mum|council wont let me have a dog|landlord wont let me have a dog|ex wont let me see my kids
end of life care
dont know how to go on the internet
dont want to be in debt|dont want to live with my mum|cant go on holiday|cant go on the computer|child benefit
children's centre|child minder|baby bank|my knee is hurting me|lone shark threatening me|refugee support
bailiffs threatening to take my car|scared of needles|scared to leave the house|scared of losing my home
afraid of crowds|dwp took my pip away|took me off universal credit|controlling my diabetes|controlling my anger
anger management|panic attack|heart attack recovery group|asthma attack|dog grooming course|wildlife refuge
kids are hungry|worried about my son hes stopped going out|need a break from caring for mum|stop smoking|stop drinking
cant stop eating|noise from the flat above|neighbours kids screaming all night|locked out of my flat
want to end my tenancy|giving up work|what is the point of a fit note|my life story writing group|lifeline pendant
dead tired all the time|the boiler is dead|deadline for appeal|bereavement my mum died|husband died in march
take my medication on time|beat the blues|kick boxing class|stabbing pain in my leg|tired all the time
sick of the damp|tired of living in damp flat|pt wants help w rent|burnt out at work|hurt my back at work
cut off my gas|my benefits have been cut|jumping for joy trampoline|train fares help|get away from it all for a break
roped into volunteering|thinking of ending my tenancy|self help|self esteem|not allowed to work asylum|check my emails
food bank near M16|skint til friday|lonely since i moved|bicycle repair||   |?!
"""


def spread(text: str) -> list[str]:
    return [case for line in text.strip().splitlines() for case in line.split("|")]
