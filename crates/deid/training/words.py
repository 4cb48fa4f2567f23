"""Words that the generated texts are made of. Written for this purpose."""

GIVEN = """Lukas Leon Finn Jonas Maximilian Felix Paul Moritz Jürgen Günter Wolfgang Heinz Klaus Dieter Uwe Jörg Hans Stefan
Matthias Sebastian Tobias Florian Anke Heike Sabine Petra Ursula Gisela Ingrid Birgit Katrin Anja Johanna Lena Leonie Mia
Jean Pierre Jacques François Michel Philippe Luc Étienne Mathieu Julien Nicolas Antoine Théo Gaëtan Hélène Chloé Camille Manon
Élodie Amélie Sylvie Brigitte Nathalie Isabelle Céline Aurélie Margaux José Juan Pablo Diego Javier Álvaro Sergio Andrés Raúl
Iñigo María Carmen Lucía Paula Inés Pilar Rocío Begoña Marta Nuria Giovanni Giuseppe Luca Matteo Francesco Alessandro Lorenzo
Davide Paolo Giulia Chiara Francesca Martina Elisa Silvia Federica Jan Piet Kees Willem Sander Bram Daan Thijs Jeroen Femke Anouk
Sanne Lotte Marieke Saskia João Tiago Rui Gonçalo Nuno Afonso Beatriz Mariana Inês Catarina Joana Lars Erik Sven Bjørn Nils
Astrid Ingeborg Sigrid Freja Mads Søren Jakub Piotr Tomasz Krzysztof Wojciech Agnieszka Katarzyna Małgorzata Zofia Ivan Sergei
Dmitry Vladimir Aleksandr Mikhail Yuri Nikolai Olga Natalia Tatiana Svetlana Irina Anastasia Mehmet Mustafa Ahmet Emre Hakan
Ayşe Fatma Elif Zeynep Merve Mohammed Ahmed Omar Khalid Hassan Yusuf Fatima Aisha Layla Noor Amina Rajesh Sanjay Amit Vikram
Arjun Priya Anjali Deepika Kavita Sunita Wei Ming Li Xiao Jun Hui Mei Yan Hiroshi Kenji Takashi Haruto Yuki Sakura Aiko Naoko
Min-jun Ji-woo Seo-yeon Hye-jin Nguyen Thanh Linh Kwame Kofi Chinedu Ngozi Amara Oluwaseun Thabo Zanele Siobhan Niamh Aoife
Eoin Ciarán Gareth Rhys Hamish Callum""".split()

FAMILY = """Müller Schmidt Schneider Fischer Weber Becker Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann
Zimmermann Krüger Hartmann Lehmann Schulze Köhler Vogel Dubois Lefèvre Moreau Laurent Girard Fournier Lambert Bonnet Rousseau
Mercier Dupont Durand Chevalier Gauthier Perrin García Martínez Rodríguez González Hernández Pérez Sánchez Ramírez Muñoz Álvarez
Jiménez Ruiz Ortega Castillo Vázquez Navarro Rossi Ferrari Esposito Bianchi Romano Ricci Marino Greco Conti De-Luca Mancini
Costa Jansen Bakker Visser Smit Meijer Mulder Dekker Hendriks Silva Santos Ferreira Oliveira Pereira Rodrigues Sousa Carvalho
Johansson Andersson Nilsson Eriksson Hansen Larsen Olsen Nielsen Jensen Kowalski Nowak Wiśniewski Wójcik Kamiński Lewandowski
Zieliński Ivanov Petrov Smirnov Kuznetsov Popov Sokolov Volkov Yılmaz Kaya Demir Çelik Şahin Öztürk Aydın Arslan Khan Malik
Hussain Chaudhry Sharma Patel Singh Gupta Kumar Iyer Chatterjee Wang Zhang Chen Liu Yang Huang Zhao Tanaka Suzuki Watanabe
Yamamoto Nakamura Kobayashi Kim Park Choi Jung Tran Pham Okafor Adeyemi Mensah Dlamini Nkosi O'Connor O'Brien O'Sullivan Byrne
MacDonald McKenzie McCarthy Fitzgerald Papadopoulos Nikolaidis Horváth Nagy Szabó Kovács Novák Dvořák Svoboda Popescu Ionescu
Georgiev Dimitrov""".split()

STREET_NAMES = """Oak Maple Cedar Pine Elm Washington Lincoln Jefferson Park Lake Hill Church High Station Mill River Sunset
Willow Chestnut Spring Highland Forest Jackson Franklin Main Second Third Fifth 5th 12th 42nd Victoria King Queen Albert
Green Orchard Meadow Grove Bridge School Academy Canterbury Windsor Harbour Ocean Valley Ridge Prospect Liberty Union Center
Kingston Clifton Magnolia Bay Sycamore Poplar Point""".split()
STREET_WORDS = """Street St St. Avenue Ave Ave. Road Rd Rd. Lane Ln Drive Dr Dr. Boulevard Blvd Court Ct Place Pl Square Terrace
Way Close Crescent Parkway Highway Circle Trail Row Walk Gardens Mews""".split()
STREETS_DE = """Hauptstraße Bahnhofstraße Schulstraße Gartenstraße Bergstr. Lindenallee Mozartstrasse Goethestraße
Rosenweg Kirchplatz Dorfstr. Waldweg Ringstrasse Marktplatz Friedrichstraße Schillerstr. Mühlenweg""".split()
STREETS_FR = """rue|de la République;rue|Victor Hugo;avenue|des Champs;boulevard|Saint-Michel;place|du Marché;rue|des Lilas;
quai|des Belges;impasse|des Roses;chemin|du Moulin;allée|des Tilleuls;cours|Jean Jaurès"""
STREETS_ES = """Calle|Mayor;Calle|de Alcalá;Avenida|de la Constitución;Plaza|de España;Paseo|del Prado;
Calle|San Miguel;Carrer|de Mallorca;Camino|Viejo"""
STREETS_IT = """Via|Roma;Via|Garibaldi;Corso|Vittorio Emanuele;Piazza|del Duomo;Via|Nazionale;Viale|Europa;
Largo|Argentina;Vicolo|Stretto;Via|delle Mura"""
STREETS_PT = """Rua|da Liberdade;Avenida|da República;Rua|São João;Travessa|do Carmo;Praça|do Comércio;Rua|Augusta;R.|das Flores;
Largo|do Rato;Estrada|da Luz"""
STREETS_NL = """Kerkstraat Dorpsstraat Molenweg Prinsengracht Stationsplein Julianalaan Hoofdstraat Wilhelminaweg Beukenlaan
Schoolstraat Nieuwegracht Oosterkade""".split()
STREETS_PL = """ul.|Mickiewicza;ul.|Długa;al.|Jerozolimskie;ul.|Krakowska;pl.|Wolności;ul.|Zielona;os.|Kwiatowe"""
STREETS_NORDIC = """Storgatan Kungsgatan Drottninggatan Vestergade Nørregade Bakkevej Storgata Kirkeveien Mannerheimintie
Kauppakatu Skolegade Strandvejen Björkvägen Hämeentie Rådhusgata""".split()

ORG_HEADS = """Northwind Bluewater Granite Summit Pioneer Vertex Acorn Harbor Lumen Quantum Sterling Atlas Beacon Crest Delta
Everest Falcon Global Horizon Iron Juniper Keystone Liberty Meridian National Orbit Pacific Redwood Silver Titan United Vanguard
Western Zenith Alpine Baltic Cobalt Digital Eastern Fusion General Hudson Imperial Jupiter Kepler Lakeside Mosaic Nova""".split()
ORG_TAILS = """Inc Inc. Ltd Ltd. LLC Corp Corp. GmbH AG Group Holdings Systems Technologies Solutions Bank Foundation Media
Logistics Energy Partners Industries Labs Software Insurance Airlines Motors Pharmaceuticals Consulting Capital Records Foods
S.A. B.V. plc Association Company Stores Networks & Co""".split()
ORG_NAMED = """Google Microsoft Apple Amazon Facebook Twitter Netflix IBM Intel Oracle Samsung Sony Toyota Honda BMW Siemens
Nokia Ericsson Philips Shell BP Total Nestlé Unilever Adidas Nike Starbucks Walmart Target Costco IKEA Boeing Airbus NASA FBI CIA
NATO UNESCO UNICEF WHO BBC CNN Reuters Spotify Uber Airbnb PayPal Visa Mastercard Citibank HSBC Barclays Santander UBS Vodafone
Verizon T-Mobile FedEx UPS DHL YouTube Instagram LinkedIn Zoom Slack GitHub Nvidia AMD Dell HP Lenovo Canon Nintendo Disney""".split()
ORG_OF = ["University of {city}", "{city} University", "Bank of {city}", "{city} Police Department", "Ministry of Justice",
    "Ministry of Finance", "Ministry of the Interior", "{city} Regional Court", "{city} District Court", "Supreme Court",
    "Court of Appeal", "Constitutional Court", "Federal Reserve", "Department of Health", "{city} City Council",
    "{city} General Hospital", "{city} United", "{city} FC", "Museum of {city}", "European Commission", "House of Lords",
    "Administrative Court of {city}", "National Assembly", "Council of Ministers", "{family} & Sons", "{family} and {family}",
    "{family} {tail}", "{family}, {family} and {family}", "{family}-{family}", "{head} {tail}", "{head} {head} {tail}", "{family} {head} {tail}", "{head} {family}"]
DEMONYMS = """Turkish Polish French German Italian Dutch British Russian Ukrainian Romanian Bulgarian Greek Hungarian Austrian
Swiss Spanish Portuguese Norwegian Danish Swedish Finnish Irish American Canadian Chinese Japanese Indian Brazilian Mexican
Croatian Serbian Slovak Czech Moldovan Georgian Armenian Latvian Lithuanian Estonian""".split()
JOBS = """lawyer engineer teacher nurse doctor accountant driver student farmer journalist manager plumber chef designer
researcher judge officer pensioner businessman translator clerk professor""".split()
TITLES = "Mr Mr. Mrs Mrs. Ms Ms. Miss Dr Dr. Prof. Professor Sir Herr Frau M. Mme Señor Sra. Judge Captain Lord".split()
MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
THINGS = """Python Java Rust Linux Windows Docker Kubernetes Excel PowerPoint JavaScript React Django Postgres Redis Android
iPhone English Christmas Easter Bible Internet Minecraft HTML CSS JSON SQL API HTTP PDF""".split()
