Feature: Follow Me, the whole cycle of a guidance service, taken over by others
  Nine partnerships in seven Italian regions plan, deliver and evaluate guidance, and account for it.
  Palestra Lavoro is a self-assessment for people over 40: it strengthens their professional standing
  and shows the risk of being pushed out, or of not getting back in. Firms and networks assess
  themselves too. The products are packaged: another organisation reads the definition, checks it and
  publishes it under the same digest.

  Background:
    Given the programme follow-me is published on 1 December 2024
    And these people work together
      | name     | for           | as              |
      | Giulia   | Veneto 1      | operator        |
      | Stefano  | Veneto 1      | service manager |
      | Marta    | Toscana 2     | operator        |
      | Roberto  | Filatura Alba | employer        |
      | Caterina | Puglia        | manager         |
    And these persons are registered on 2 December 2024
      | name     | born           | lives in |
      | Anna     | 19 March 1976  | Treviso  |
      | Luigi    | 4 October 1983 | Arezzo   |
      | Beatrice | 4 March 1985   | Arezzo   |

  Scenario: A working woman of 48, from her first question to the follow-up
    When Giulia refers Anna to Veneto 1 by own contact on 13 January 2025
    And Giulia assesses Anna's eligibility on 13 January 2025
      | employment status | employed |
    Then Anna is eligible, because
      | id      | title                                              | outcome | basis                                                                                          |
      | over 40 | Over 40, at work or at risk of not getting back in | met     | Agreement of the partnerships of Follow Me (EQUAL, Action 3), beneficiaries of Palestra Lavoro |
    And Anna's verdict used these facts
      | fact              | value    | source |
      | age               | 48       |        |
      | employment status | employed |        |
    When this happens
      | Giulia accepts Anna's referral on 13 January 2025                                                                       |                                   |
      | Giulia becomes Anna's case worker on 13 January 2025                                                                    |                                   |
      | Giulia moves Anna on to intake on 13 January 2025                                                                       |                                   |
      | Giulia holds the intake interview with Anna on 20 January 2025                                                          | employment: employed              |
      |                                                                                                                         | education: 3                      |
      |                                                                                                                         | threatened by unemployment: yes   |
      |                                                                                                                         | note: The mill brings in machines |
      | Giulia defines Anna's service needs as professional standing, risk of exclusion and new technologies on 20 January 2025 |                                   |
      | Giulia moves Anna on to competence review on 21 January 2025                                                            |                                   |
      | Giulia starts Anna's competence review by Palestra Lavoro with Giulia on 21 January 2025                                |                                   |
    Then it is refused that Giulia moves Anna on to follow-up on 22 January 2025
      | missing | The self-assessment is handed in: not met (Palestra Lavoro, self-assessment) [self-assessment] |

    When Anna hands in her own answers to Palestra Lavoro on 3 February 2025
      | how often did you learn something new in a year | 2           |
      | who would you call if the mill closed           | Two cousins |
      | how many years do you want to go on working     | 15          |
      | score of learning                               | 2.0         |
      | score of networks                               | 1.5         |
      | score of experience                             | 4.5         |
      | score of risk of exclusion                      | 3.8         |
    And Giulia records Anna's competences on 10 February 2025
      | concept    | level    | evidence                        |
      | experience | strong   | Runs three looms at once        |
      | networks   | weak     | Knows nobody outside the mill   |
      | learning   | adequate | Learned the new loom by herself |
    And Giulia completes Anna's competence review on 12 February 2025
      | strengths         | Her experience; Her calm                       |
      | development needs | People outside the mill; Machines with screens |
    And Giulia drafts Anna's plan on 17 February 2025
      | id    | goal                              | by                | service            |
      | group | To know others who face the same  | 30 April 2025     | group guidance     |
      | skill | To run the machines with screens  | 30 June 2025      | skills update      |
      | firm  | The firm says what it means to do | 30 September 2025 | firm active ageing |
    And Giulia agrees Anna's plan, signed by Anna and Giulia on 24 February 2025
    And this happens
      | Giulia moves Anna on to training on 24 February 2025                                                            |                               |
      | Giulia proposes the service group guidance to Anna on 24 February 2025                                          | step: group                   |
      | Giulia records that Anna accepted the service group guidance on 24 February 2025                                |                               |
      | Giulia records that Anna started the service group guidance on 3 March 2025                                     |                               |
      | Giulia records that Anna attended group guidance for 3 hours on 3 March 2025                                    |                               |
      | Giulia records that Anna completed the service group guidance with the result completed on 14 April 2025        | hours: 21                     |
      | Giulia records that Anna reached the step group on 14 April 2025                                                |                               |
      | Giulia takes Anna into the service skills update on 5 May 2025                                                  |                               |
      | Giulia records that Anna completed the service skills update with the result passed on 20 June 2025             | hours: 40                     |
      | Giulia records that Anna reached the step skill on 20 June 2025                                                 |                               |
      | Giulia takes Anna into the service firm active ageing on 1 September 2025                                       |                               |
      | Roberto gives feedback on Anna's way as employer by firm active ageing on 8 September 2025                      | people over 50 in training: 2 |
      |                                                                                                                 | plan for succession: 1        |
      | Giulia records that Anna completed the service firm active ageing with the result completed on 8 September 2025 |                               |
      | Giulia records that Anna reached the step firm on 8 September 2025                                              |                               |
      | Giulia moves Anna on to follow-up on 9 September 2025                                                           |                               |
      | Giulia holds a follow-up with Anna on 13 October 2025                                                           | status: employed              |
      |                                                                                                                 | point: after service          |
      |                                                                                                                 | note: Runs the new machine    |
      | Anna gives feedback on her own way as client by client feedback on 13 October 2025                              | would you send a friend: 5    |
      | Marta gives feedback on Anna's way as network by network functioning on 20 October 2025                         | we knew of each other: 3      |
      | Stefano gives feedback on Anna's way as staff by service validation on 27 October 2025                          | objectives reached: 4         |
      | Giulia closes Anna's journey as completed into employment on 3 November 2025                                    |                               |
    Then Anna's record says
      | phases           | intake since 13 January 2025                                                     |
      |                  | competence review since 21 January 2025                                          |
      |                  | training since 24 February 2025                                                  |
      |                  | follow-up since 9 September 2025                                                 |
      | needs            | professional standing, risk of exclusion, new technologies                       |
      | self-assessments | Palestra Lavoro                                                                  |
      | review           | Palestra Lavoro with Giulia since 21 January 2025, completed on 12 February 2025 |
      | competences      | experience strong; learning adequate; networks weak                              |
      | plan             | revision 1, agreed on 24 February 2025, signed by Anna, Giulia                   |
      | services         | group guidance completed, 21 hours                                               |
      |                  | skills update completed, 40 hours                                                |
      |                  | firm active ageing completed                                                     |
      | placements       | none                                                                             |
      | feedback         | employer by firm active ageing                                                   |
      |                  | client by client feedback                                                        |
      |                  | network by network functioning                                                   |
      |                  | staff by service validation                                                      |
      | end              | completed into employment on 3 November 2025                                     |
    And on 3 November 2025 Anna's plan stands like this
      | step  | by                | status  | actual           | days late |
      | group | 30 April 2025     | reached | 14 April 2025    | -16       |
      | skill | 30 June 2025      | reached | 20 June 2025     | -10       |
      | firm  | 30 September 2025 | reached | 8 September 2025 | -22       |
    And on 3 November 2025 Anna's deadlines include
      | deadline        | opened          | due              | status | met              | basis                          |
      | interview       | 13 January 2025 | 27 January 2025  | met    | 20 January 2025  | METIDE, quality management     |
      | self-assessment | 20 January 2025 | 20 February 2025 | met    | 3 February 2025  | METIDE, quality management     |
      | plan            | 3 February 2025 | 3 March 2025     | met    | 24 February 2025 | METIDE, planning of objectives |
      | after service   | 14 April 2025   | 14 October 2025  | met    | 13 October 2025  | follow-up calendar             |
      | three months    | 3 February 2025 | 3 May 2025       | lapsed |                  | follow-up calendar             |

  Rule: Palestra Lavoro is for people over 40

    Scenario: The day before the fortieth birthday, and the day itself
      Given Marta refers Beatrice to Toscana 2 by employer on 24 February 2025
      When Marta assesses Beatrice's eligibility on 3 March 2025
        | employment status | employed |
      Then Beatrice is not eligible, because
        | id      | outcome |
        | over 40 | not met |
      When Marta assesses Beatrice's eligibility on 4 March 2025
        | employment status | employed |
      Then Beatrice is eligible
      And as at 3 March 2025 Beatrice is not eligible

    Scenario: Out of work and wanting to get back in
      Given Marta refers Luigi to Toscana 2 by employment centre on 24 February 2025
      When Marta assesses Luigi's eligibility on 25 February 2025
        | unemployed since | 1 September 2024 |
      Then Luigi is eligible
      When it is tried that Marta assesses Luigi's eligibility on 25 February 2025
        | employment status | resting |
      Then it is refused
        | field | employment_status |

    Scenario: A questionnaire is answered by those whom it is for
      Given this has happened
        | Giulia refers Anna to Veneto 1 by own contact on 13 January 2025 |
        | Giulia accepts Anna's referral on 13 January 2025                |
      When it is tried that Anna hands in her own answers to firm active ageing on 20 January 2025
        | people over 50 in training | 2 |
      Then it is refused
        | field   | questionnaire                     |
        | message | firm-active-ageing is answered by |

  Rule: The service accounts for itself, to operators, managers and those politically responsible

    Scenario: Objectives, delivery and quality, beside local, national and European values
      Given this has happened
        | Giulia refers Anna to Veneto 1 by own contact on 13 January 2025        |                        |
        | Marta refers Luigi to Toscana 2 by employment centre on 13 January 2025 |                        |
        | Giulia accepts Anna's referral on 13 January 2025                       |                        |
        | Marta accepts Luigi's referral on 13 January 2025                       |                        |
        | Giulia holds the intake interview with Anna on 20 January 2025          | employment: employed   |
        | Marta holds the intake interview with Luigi on 30 January 2025          | employment: unemployed |
        | Anna hands in her own answers to Palestra Lavoro on 3 February 2025     | score of learning: 2   |
        |                                                                         | why: It is time        |
      And Giulia drafts Anna's plan on 17 February 2025
        | goal                             | by           |
        | To run the machines with screens | 30 June 2025 |
      And this has happened
        | Giulia agrees Anna's plan, signed by Anna and Giulia on 24 February 2025           |                            |
        | Anna gives feedback on her own way as client by client feedback on 13 October 2025 | would you send a friend: 5 |
        | Giulia closes Anna's journey as completed into employment on 3 November 2025       |                            |
        | Marta closes Luigi's journey as ended early into unemployed on 3 November 2025     |                            |
      Then the journeys of the programme stand like this
        | organisation | closed |
        | Veneto 1     | 1      |
        | Toscana 2    | 1      |
      And the programme's targets stand like this
        | target           | wanted | reached | counted | met |
        | clients          | 270    | 2       | 2       | no  |
        | self-assessments | 240    | 1       | 2       | no  |
        | plans            | 0.7    | 0.5     | 2       | no  |
        | days to plan     | 60     | 42      | 1       | yes |
        | feedback         | 0.6    | 0.5     | 2       | no  |
        | adoptions        | 3      |         | 0       |     |
      And beside its reference values the programme stands like this
        | target              | measure           | wanted | reached | met |
        | plans-local         | plans agreed      | 0.65   | 0.5     | no  |
        | plans-national      | plans agreed      | 0.6    | 0.5     | no  |
        | plans-european      | plans agreed      | 0.68   | 0.5     | no  |
        | interview-local     | days to interview | 12     | 12      | yes |
        | interview-national  | days to interview | 20     | 12      | yes |
        | interview-european  | days to interview | 14     | 12      | yes |
        | employment-local    | employment        | 0.55   | 0.5     | no  |
        | employment-national | employment        | 0.5    | 0.5     | yes |
        | employment-european | employment        | 0.58   | 0.5     | no  |
      And the monitoring of the programme is
        | code                      |
        | planning of objectives    |
        | delivery and quality      |
        | monitoring and evaluation |
        | network evaluation        |
        | benchmarking              |

  Rule: The products are packaged, so that another organisation can take them over

    Scenario: The definition is exported, checked, and published elsewhere under its digest
      When the definition is exported as a text
      And another organisation checks the text
      Then no fault is found
      When the other organisation publishes the text in a log of its own on 3 March 2025
      Then it has the same digest there
      And the questionnaires of the programme are
        | code                | version | respondents    |
        | Palestra Lavoro     | 1       | client         |
        | firm active ageing  | 1       | employer       |
        | network functioning | 1       | network, staff |
        | service validation  | 1       | staff          |
        | product validation  | 1       | staff          |
        | client feedback     | 1       | client         |
      When Project revises the programme as version 2, in force from 1 April 2025, with on 10 March 2025
        | organisation | title              | title in Italian    | roles                         |
        | Trieste      | Service in Trieste | Servizio di Trieste | partnership, guidance-service |
      And Caterina refers Anna to Trieste by own contact on 2 April 2025
      And Caterina assesses Anna's eligibility on 2 April 2025
        | age               | 49       |
        | employment status | employed |
      Then Anna is eligible
      And Anna's record says
        | organisation | Trieste   |
        | definition   | version 2 |
      And the published versions are
        | number | effective from  |
        | 1      | 1 December 2024 |
        | 2      | 1 April 2025    |

    Scenario: A text that was changed on the way is no longer the same product
      When the definition is exported as a text
      And the text says "age >= 45" in place of "age >= 40"
      Then the text has another digest
      And it cannot be published here as version 1

    Scenario: A text that was broken on the way is not published
      When the definition is exported as a text
      And the text says "age >= forty" in place of "age >= 40"
      And another organisation checks the text
      Then these faults are found
        | field                           | code         |
        | eligibility[0].versions[0].rule | unknown-fact |
