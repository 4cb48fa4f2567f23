"""Sentences with gaps. Written for this purpose; no sentence is taken from a data set.

{p} a whole person, {g} a given name, {f} a family name, {city} {country} {state} {place} places, {addr} an address on one line or
more, {street} a street with its number, {o} an organisation. {x:…} other fillings, which carry no label.
"""

CHAT = """Hi {g}, thanks for getting back to me so quickly.
Hey {g}! Are we still on for {x:day}?
hello {g}, can you check the invoice for {p}?
Dear {x:title} {f},
Dear {g},
Dear {p},
Kind regards,\\n{p}
Best,\\n{g}
Best wishes,\\n\\n{p}\\n{x:Job}\\n{o}
Sincerely,\\n{p}\\n{addr}
Cheers, {g}
Thanks! - {g}
My name is {p} and I live in {city}.
my name is {p}, i need help with my order
I'm {g} from {city}, {country}.
I am {p}, a {x:job} at {o}.
This is {p} calling from {o}.
Hello, my name is {g}. I'd like to change my address to {addr}.
Please ship it to {addr}
please send the parcel to {p}, {addr}.
I moved to {street} in {city} last year.
I used to live at {street}, {city}.
You can find our shop at {addr}.
From now on the office is at {addr}.
The courier could not find {street}.
the letter came back from {addr}
What's the weather like in {city} today?
How do I get from {city} to {city} by train?
Is there a branch of {o} in {city}?
I just got back from {country}, it was amazing.
We are planning a trip to {country} and {country} next summer.
She grew up in {city} but works in {state} now.
{g} said that {g} will be late.
{p} works for {o} as a {x:job}.
{p} and {p} founded {o} in {x:year}.
Can you ask {p} to call me at {x:phone}?
Send an email to {p} at {x:mail} please.
Who is {p}?
Tell me about {p}.
Write a short biography of {p}, the {x:demonym} {x:job}.
{p}'s phone number is {x:phone}.
{g}'s sister lives in {city}.
I talked to {x:title} {f} about it.
{x:title} {p} will see you now.
The meeting with {o} was moved to {x:day}.
{o} announced record profits in {x:month}.
I've been working at {o} for {x:n} years.
Has {o} replied to our offer yet?
The contract between {o} and {o} was signed in {city}.
Name: {p}\\nAddress: {addr}\\nPhone: {x:phone}
Name: {p}\\nEmail: {x:mail}\\nCompany: {o}\\nCity: {city}\\nCountry: {country}
Customer: {p}\\nTicket: {x:n}\\nThe printer stopped working after the update.
Full name - {p}
Billing address: {addr}
Shipping address:\\n{p}\\n{addr}
From: {p} <{x:mail}>\\nTo: {p} <{x:mail}>\\nSubject: Report for {x:month}
{"name": "{p}", "city": "{city}", "phone": "{x:phone}"}
{"first_name": "{g}", "last_name": "{f}", "address": "{street}", "country": "{country}"}
{"user": {"name": "{p}", "employer": "{o}"}}
name,city,company\\n{p},{city},{o}\\n{p},{city},{o}
1. {p}\\n2. {p}\\n3. {p}
- {p} ({o})\\n- {p} ({o})
{p}: Did you see that?\\n{p}: Yes, I was in {city} then.
{g}: hi\\n{g}: hey, how are you?
User: what is the capital of {country}?\\nAssistant: The capital of {country} is {city}.
"I never said that," {g} replied.
According to {p} of {o}, prices in {country} will rise.
He was born in {city}, {country} on {x:date}.
{p} was born on {x:date} in {city}.
My passport says {p}, born {x:date}.
I need a transfer from {p} to {p} for ${x:n}.
Please charge the card of {p}, number {x:n}.
The card is under the name {p}.
Could you update my records? My surname is now {f}.
How is {g} doing? I haven't seen {g} since {x:month}.
{f} scored twice for {o}.
I work with {f} and {f} on the {x:Thing} project.
cc {p}, {p} and {p}
Author: {p}
Copyright (c) {x:year} {p}
Signed-off-by: {p} <{x:mail}>
Hallo {g}, vielen Dank für Ihre Nachricht.
Sehr geehrte Frau {f}, anbei erhalten Sie die Rechnung.
Sehr geehrter Herr {f},
Mein Name ist {p} und ich wohne in {city}.
Mit freundlichen Grüßen\\n{p}
Ich wohne in der {street} in {city}.
Bonjour {g}, merci pour votre réponse.
Je m'appelle {p} et j'habite à {city}.
Cordialement,\\n{p}
Monsieur {f} habite {addr}.
Hola {g}, ¿cómo estás?
Me llamo {p} y vivo en {city}.
Un saludo,\\n{p}
Estimado señor {f}:
Ciao {g}, come stai?
Mi chiamo {p} e abito a {city}.
Cordiali saluti,\\n{p}
Hallo {g}, hoe gaat het met je?
Mijn naam is {p} en ik woon in {city}.
Met vriendelijke groet,\\n{p}
Olá {g}, tudo bem?
Meu nome é {p} e moro em {city}.
Atenciosamente,\\n{p}
{addr}
{p}\\n{addr}
{p}\\n{o}\\n{addr}
{x:title} {p}\\n{addr}
We'll meet at {addr} at {x:n} pm.
The flat at {street} has been rented to {p}.
rt @{x:handle}: {p} is playing in {city} tonight!!
omg {g} is so funny lol
happy birthday {g} !!! love you
watching {p} on tv rn
{city} tomorrow with {g} and {g} #excited
can't wait to see {p} in {city} :)
i miss {g} so much
Just landed in {city}, {state}
i think {p} is better than {p}
Thank you {g} and {g} for tonight
{p} for president
Big news from {country}: {p} resigns
Traffic jam near {city} on I-{x:n}
Bought a car from {o} in {city}; the seller, {p}, was very kind.
The {x:demonym} company {o} opened an office in {city}.
The {o} website is down again.
Why did {o} stop accepting {x:Thing}?
I got an offer from {o}, should I take it?
I am leaving {o} next month.
{f} is the better player. {f} and {f} disagree.
{p} comes from {city}.
{g} comes from {country}
{g} works at {o}
i am from {city}, {country}
{o}'s head office is at {addr}""".split("\n")

FORMAL = """The applicant, {x:title} {p}, is a {x:demonym} national who was born in {x:year} and lives in {city}.
The case originated in an application against the Republic of {country} lodged by a {x:demonym} national, {x:title} {p}.
The applicant was represented by {x:title} {x:initial} {f}, a lawyer practising in {city}.
The applicants were represented by {x:title} {p} and {x:title} {p}, lawyers practising in {city} and {city} respectively.
The Government were represented by their Agent, {x:title} {p}, of the {o}.
The {x:demonym} Government ("the Government") were represented by their Agent, {x:title} {x:initial} {f}.
On {x:date} the {o} dismissed the appeal.
On {x:date} {p} was arrested in {city} on suspicion of fraud.
{x:title} {f} gave evidence that {x:title} {f} had been seen in {city}.
Witness {p} stated that the defendant had left {city} on {x:date}.
By a judgment of {x:date} the {o} found the applicant guilty and sentenced him to {x:n} years.
The plaintiff, {o}, is a company registered in {country}.
Judge {p} delivered the opinion of the {o}.
PROCEDURE\\n\\n1. The case originated in an application (no. {x:n}/{x:n}) against {country} lodged with the {o} by {x:title} {p}.
THE FACTS\\n\\nI. THE CIRCUMSTANCES OF THE CASE\\n\\n5. The applicant was born in {x:year} and lives in {city}.
The applicant complained under Article {x:n} of the Convention about the length of the proceedings.
The first applicant was detained in {city} Prison until {x:date}.
According to the report of {x:date} by Dr {f}, the applicant had been injured.
On an unspecified date the applicant's mother, {x:title} {p}, contacted the police in {city}.
The public prosecutor in {city}, {x:title} {f}, ordered an investigation.
In the case of {f} v. {country}, the {o} held otherwise.
{f} and Others v. {country}
The applicants, {p}, {p} and {p}, are brothers.
The applicant moved from {city} to {city} in {x:month} {x:year}.
In {x:month} {x:year} the District Governor refused the request.
The Court considers that the Government failed to submit sufficient information.
The Chamber decided to give notice of the application to the Government.
Having regard to the above, the Court notes that Protocol No. {x:n} applies.
The President of the Section decided that the Criminal Code and Section {x:n} of the Act were relevant.
{p} ({x:year}–{x:year}) was a {x:demonym} {x:job} from {city}.
The company {o}, with its seat in {city}, employs {x:n} people.
The ship left {city}, {country}, on {x:date}, bound for {city}.
The novel was translated into {x:demonym} by {p}.
{p}, then Minister of Finance, met {p} in {city}.
{x:title} {f}'s appeal was dismissed. {f} appealed.
In {country}, the {x:Phrase} applies. {country} has ratified the {x:Phrase}.""".split("\n")

PLAIN = """Can you explain how this function works?
I need to write a report about the Second World War in English.
Here is the code:\\n\\ndef main():\\n    print("Hello World")
The error says: TypeError: 'NoneType' object is not subscriptable
Please use {x:Thing} and {x:Thing} for this project.
Error in module {x:Thing}: Connection refused
What is the difference between {x:Thing} and {x:Thing}?
Sure! Here are some ideas:\\n\\n1. Start with a plan\\n2. Read the documentation\\n3. Ask for Help
Yes. No. Maybe. I'm not sure. Let me know. Please check this. Thanks! OK
On {x:day}, {x:date}, I will send the Final Report.
Merry Christmas and a Happy New Year!
How old are you? I am {x:n} years old.
# Introduction\\n\\nThis Project is written in {x:Thing}.\\n\\n## Getting Started\\n\\nRun `make`.
import os\\nfrom pathlib import Path\\n\\nclass UserManager:\\n    def __init__(self, Name):
I live in a small flat with two Cats.
SELECT Name, Address FROM Customers WHERE Id = {x:n};
Total: ${x:n}\\nTax: ${x:n}\\nDate: {x:date}
My phone number is {x:phone}. Call me.
Reset my password, my email is {x:mail}
The Quick Brown Fox Jumps Over The Lazy Dog
WARNING: DO NOT OPEN THE DOOR
Step 1: Click on Settings. Step 2: Choose Privacy. Step 3: Press Save.
As an AI language model, I cannot do that. However, I can help you with other things.
The {x:demonym} language is hard to learn.
Have you seen The Big Movie? It was released in {x:year}.
In Chapter {x:n}, the Author describes the Industrial Revolution.
Note: This is Important. Remember To Save.
let me know if u need anything lol
{x:Thing} is better than {x:Thing} imo
Water boils at {x:n} degrees. Add Salt, Pepper and Olive Oil.
The {x:Phrase} was published in {x:year}.
{x:Word}, I think we should stop here.
{x:Word} of them were useful. {x:Word} is a good idea.
What is a {x:Phrase}?
"{x:Phrase}" is a song that I like.
See the section on {x:Phrase} below.
**{x:Phrase}**: this is what the {x:Word} does.
## {x:Phrase}\\n\\n- {x:Word}: yes\\n- {x:Word}: no
The {x:Phrase} and the {x:Phrase} are both part of the {x:Phrase}.
Open the {x:Word} menu and click on "{x:Phrase}".
{x:Word} {x:Word} {x:Word}!
under Section {x:n} of the {x:Phrase} Act {x:year}
In the {x:Word}'s view, the {x:Phrase} had no merit.
(the "{x:Phrase}") and (the "{x:Word}")
I AM SO TIRED OF THIS {x:Word} {x:Word}
lol {x:Word} {x:Word} why
RT : {x:Word} {x:Word} {x:Word} ! ! !
He read "The {x:Phrase}" twice.""".split("\n")
