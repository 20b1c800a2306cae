Feature: Etelä-Savo, fast response, and rules that change while the project runs
  The state employment office of South Savo refers unemployed people to four municipalities. They
  are interviewed, their service needs are defined, they are guided into services and followed up,
  so that the municipalities co-pay less labour-market subsidy and firms find people.

  At first a client is somebody unemployed for twelve months, or a young person from vocational
  school who needs more guidance. From 1 September 2025 the first day of unemployment is enough,
  but not in Pieksämäki.

  Background:
    Given the programme etela-savo is published on 1 December 2024
    And these people work together
      | name   | for        | as              |
      | Pekka  | TE office  | case worker     |
      | Tiina  | Mikkeli    | case worker     |
      | Sari   | Mikkeli    | service manager |
      | Matti  | Pieksämäki | case worker     |
      | Leena  | Savonlinna | case worker     |
      | Oskari | Puutyö Oy  | employer        |
    And these persons are registered on 2 December 2024
      | name  | born          | lives in   |
      | Aino  | 14 March 1985 | Mikkeli    |
      | Eero  | 2 June 1979   | Pieksämäki |
      | Venla | 30 July 2004  | Savonlinna |

  Scenario: From referral to follow-up
    When Pekka refers Aino to Mikkeli by TE office referral on 1 September 2025
      | service line    | line 1                                      |
      | existing plan   | Looks for work in shops; training try-out   |
      | need definition | Needs help with the search, and a new skill |
    And Tiina assesses Aino's eligibility on 3 September 2025
      | unemployed since | 14 July 2025 |
    Then Aino is eligible, because
      | id             | title                                             | outcome | basis                                                             |
      | client-group   | Unemployed from the first day or a young graduate | met     | Amended project plan of Etelä-Savo, extension of the client group |
      | referring-line | Referred from the first or second service line    | met     | Project plan of Etelä-Savo, referral of clients                   |
    And Aino's verdict used these facts
      | fact         | value  | source        |
      | service line | line 1 | referral made |
      | unemployed   | yes    |               |

    When this happens
      | Tiina accepts Aino's referral on 3 September 2025    |
      | Tiina becomes Aino's case worker on 3 September 2025 |
      | Tiina moves Aino on to intake on 3 September 2025    |
    Then Aino's record says
      | status             | open                                    |
      | responsible        | Tiina of Mikkeli since 3 September 2025 |
      | service line       | line 1                                  |
      | employment plan    | yes                                     |
      | service definition | yes                                     |
      | definition         | version 1                               |
    And on 4 September 2025 Aino's deadlines are
      | deadline        | opened           | due               | status | basis                                      |
      | first interview | 3 September 2025 | 17 September 2025 | open   | Fast response promised by the project plan |

    When Tiina holds the intake interview with Aino on 10 September 2025
      | employment       | unemployed                  |
      | unemployed since | 14 July 2025                |
      | education        | 3                           |
      | languages        | fi, sv                      |
      | note             | The shop was closed in July |
    And Tiina defines Aino's service needs as job search and skills on 12 September 2025
    And Tiina drafts Aino's plan on 15 September 2025
      | id    | goal                             | by               | service                |
      | skill | A qualification in stock-keeping | 28 November 2025 | labour-market training |
      | try   | To try the work out              | 31 December 2025 | work try-out           |
      | job   | A job in a warehouse             | 31 March 2026    |                        |
    And Tiina agrees Aino's plan, signed by Aino and Tiina on 15 September 2025
    Then on 16 September 2025 Aino's deadlines include
      | deadline        | due               | status | met               |
      | first interview | 17 September 2025 | met    | 10 September 2025 |
      | service needs   | 1 October 2025    | met    | 12 September 2025 |
      | first service   | 12 October 2025   | open   |                   |
      | plan review     | 15 December 2025  | open   |                   |

    When this happens
      | Tiina moves Aino on to training on 16 September 2025                                                           |                                |
      | Tiina proposes the service labour-market training to Aino on 16 September 2025                                 | provider: schools; step: skill |
      | Tiina records that Aino accepted the service labour-market training on 18 September 2025                       |                                |
      | Tiina records that Aino started the service labour-market training on 22 September 2025                        |                                |
      | Tiina records that Aino attended labour-market training for 6 hours on 22 September 2025                       |                                |
      | Tiina records that Aino was absent from labour-market training on 23 September 2025, because illness           |                                |
      | Tiina records that Aino completed the service labour-market training with the result passed on 5 December 2025 | hours: 240                     |
      | Tiina records that Aino reached the step skill on 5 December 2025                                              |                                |
    Then as at 23 September 2025 Aino's record says
      | services | labour-market training started, 6 hours, 1 absence |
    And on 5 December 2025 Aino's plan stands like this
      | step  | by               | status       | actual          | days late |
      | skill | 28 November 2025 | reached-late | 5 December 2025 | 7         |
      | try   | 31 December 2025 | ahead        |                 |           |
      | job   | 31 March 2026    | ahead        |                 |           |

    When this happens
      | Tiina moves Aino on to placement on 8 December 2025                                               |                    |
      | Tiina proposes a placement with Puutyö Oy to Aino as work try-out on 8 December 2025              | hours per week: 30 |
      | Tiina agrees Aino's placement with Puutyö Oy, signed by Aino, Tiina and Oskari on 9 December 2025 |                    |
      | Tiina records that Aino began with Puutyö Oy on 10 December 2025                                  |                    |
      | Tiina records that Aino reached the step try on 10 December 2025                                  |                    |
    And Tiina revises Aino's plan, signed by Aino and Tiina on 12 December 2025, because a firm was found
      | id    | goal                             | by               | service                |
      | skill | A qualification in stock-keeping | 28 November 2025 | labour-market training |
      | try   | To try the work out              | 31 December 2025 | work try-out           |
      | job   | A job at Puutyö Oy               | 28 February 2026 |                        |
    Then on 15 December 2025 Aino's deadlines include
      | deadline     | due              | status | basis                                                    |
      | plan review  | 15 December 2025 | met    | Act on Public Employment and Business Service (916/2012) |
      | one month    | 10 January 2026  | open   | follow-up calendar                                       |
      | three months | 10 March 2026    | open   | follow-up calendar                                       |
      | six months   | 10 June 2026     | open   | follow-up calendar                                       |

    When Tiina ends Aino's placement with Puutyö Oy on 9 January 2026, because the firm employs her
    And Tiina proposes a placement with Puutyö Oy to Aino as wage-subsidised work on 9 January 2026
      | reference | subsidised job |
    And this happens
      | Tiina agrees Aino's placement with subsidised job, signed by Aino, Tiina and Oskari on 9 January 2026  |                       |
      | Tiina records that Aino began with subsidised job on 12 January 2026                                   |                       |
      | Tiina grants a wage subsidy of 5400.00 EUR for Aino's placement with subsidised job on 12 January 2026 | payer: TE office      |
      |                                                                                                        | from: 12 January 2026 |
      |                                                                                                        | to: 11 July 2026      |
      | Tiina moves Aino on to follow-up on 13 January 2026                                                    |                       |
      | Tiina records that Aino reached the step job on 13 January 2026                                        |                       |
      | Tiina holds a follow-up with Aino on 9 February 2026                                                   | status: employed      |
      |                                                                                                        | point: one month      |
      |                                                                                                        | note: All is well     |
    And Tiina records Aino's periods of work on 9 February 2026
      | from            | to           | kind                 |
      | 12 January 2026 | 11 July 2026 | wage-subsidised work |
    And Aino gives feedback on her own way as client by client feedback on 10 February 2026
      | was helped   | 5                         |
      | in own words | The training was the turn |
    And Oskari gives feedback on Aino's way as employer by employer feedback on 11 February 2026
      | found the right person | 4 |
    And Pekka gives feedback on Aino's way as network by network feedback on 12 February 2026
      | knew who does what | 4 |
    And Tiina closes Aino's journey as completed into employment on 13 July 2026
    Then Aino's record says
      | status       | closed                                                        |
      | phases       | intake since 3 September 2025                                 |
      |              | training since 16 September 2025                              |
      |              | placement since 8 December 2025                               |
      |              | follow-up since 13 January 2026                               |
      | needs        | job search, skills                                            |
      | plan         | revision 2, agreed on 12 December 2025, signed by Aino, Tiina |
      | services     | labour-market training completed, 240 hours, 1 absence        |
      | placements   | work try out with Puutyö Oy ended                             |
      |              | wage subsidised work with Puutyö Oy started                   |
      | wage subsidy | 5400.00 EUR by TE office                                      |
      | work         | wage subsidised work from 12 January 2026 to 11 July 2026     |
      | follow-ups   | 9 February 2026 employed                                      |
      | feedback     | client by client feedback                                     |
      |              | employer by employer feedback                                 |
      |              | network by network feedback                                   |
      | end          | completed into employment on 13 July 2026                     |
    And as at 1 October 2025 Aino's record says
      | phase      | training |
      | placements | none     |
      | end        | none     |

  Rule: Who is a client depends on the day and on the place

    Scenario: Seven weeks without work are not enough until the group is widened
      Given Pekka refers Aino to Mikkeli by TE office referral on 25 August 2025
        | service line  | line 2         |
        | existing plan | Looks for work |
      When Tiina assesses Aino's eligibility on 29 August 2025
        | unemployed since                  | 14 July 2025 |
        | days unemployed of last 16 months | 47           |
        | finished vocational school        | no           |
      Then Aino is not eligible, because
        | id             | outcome | basis                                           | reason                                                                                           |
        | client-group   | not met | Project plan of Etelä-Savo, client group        | Unemployed for 12 months or a young graduate: not met (Project plan of Etelä-Savo, client group) |
        | referring-line | met     | Project plan of Etelä-Savo, referral of clients |                                                                                                  |
      When Tiina assesses Aino's eligibility on 1 September 2025
        | unemployed since | 14 July 2025 |
      Then Aino is eligible, because
        | id             | outcome | basis                                                             |
        | client-group   | met     | Amended project plan of Etelä-Savo, extension of the client group |
        | referring-line | met     | Project plan of Etelä-Savo, referral of clients                   |
      And as at 31 August 2025 Aino is not eligible

    Scenario: The same person on the same day, in Mikkeli and in Pieksämäki
      Given this has happened
        | Pekka refers Eero in Mikkeli to Mikkeli by TE office referral on 8 September 2025       | service line: line 1                  |
        |                                                                                         | existing plan: Welder, looks for work |
        | Pekka refers Eero in Pieksämäki to Pieksämäki by TE office referral on 8 September 2025 | service line: line 1                  |
        |                                                                                         | existing plan: Welder, looks for work |
      When Tiina assesses Eero in Mikkeli's eligibility on 9 September 2025
        | unemployed since                  | 9 September 2025 |
        | days unemployed of last 16 months | 60               |
      And Matti assesses Eero in Pieksämäki's eligibility on 9 September 2025
        | unemployed since                  | 9 September 2025 |
        | days unemployed of last 16 months | 60               |
        | finished vocational school        | yes              |
      Then Eero in Mikkeli is eligible, because
        | id             | outcome | title                                             |
        | client-group   | met     | Unemployed from the first day or a young graduate |
        | referring-line | met     | Referred from the first or second service line    |
      And Eero in Pieksämäki is not eligible, because
        | id             | outcome | title                                          |
        | client-group   | not met | Unemployed for 12 months or a young graduate   |
        | referring-line | met     | Referred from the first or second service line |
      When Matti declines Eero in Pieksämäki's referral on 9 September 2025, because the old client group is in force here
      Then Eero in Pieksämäki's record says
        | status | declined |
      And it is refused that Matti accepts Eero in Pieksämäki's referral on 10 September 2025
        | state   | the journey is declined                   |
        | missing | the referral was declined: make a new one |

    Scenario: The eligibility rules of the programme tell the places apart
      Then the eligibility rules of the programme are
        | id             | since            | until            | only       | never      | basis                                                             |
        | client-group   | 1 December 2024  | 1 September 2025 |            | Pieksämäki | Project plan of Etelä-Savo, client group                          |
        | client-group   | 1 December 2024  |                  | Pieksämäki |            | Project plan of Etelä-Savo, client group                          |
        | client-group   | 1 September 2025 |                  |            | Pieksämäki | Amended project plan of Etelä-Savo, extension of the client group |
        | referring-line | 1 December 2024  |                  |            |            | Project plan of Etelä-Savo, referral of clients                   |

    Scenario Outline: Twelve months, continuously or for the most part
      Given Pekka refers Eero to Pieksämäki by TE office referral on 3 November 2025
        | service line | line 2 |
      When Matti assesses Eero's eligibility on 10 November 2025
        | unemployed since                  | <since> |
        | days unemployed of last 16 months | <days>  |
        | finished vocational school        | yes     |
      Then Eero is <verdict>

      Examples:
        | since            | days | verdict      |
        | 10 November 2024 | 366  | eligible     |
        | 11 November 2024 | 365  | not eligible |
        | 1 October 2025   | 380  | eligible     |
        | 1 October 2025   | 200  | not eligible |

    Scenario: For the most part, counted from the spells in the record
      Given this has happened
        | Pekka refers Eero to Pieksämäki by TE office referral on 3 November 2025 | service line: line 2 |
        | Matti accepts Eero's referral on 3 November 2025                         |                      |
      When Matti records Eero's periods of unemployment on 3 November 2025
        | from          | to                | kind       |
        | 1 August 2024 | 31 March 2025     | unemployed |
        | 1 May 2025    | 15 September 2025 | unemployed |
      And Matti assesses Eero's eligibility on 3 November 2025
        | months unemployed          | 0   |
        | finished vocational school | yes |
      Then Eero is eligible
      And Eero's verdict used these facts
        | fact                              | value | source                       |
        | days unemployed of last 16 months | 381   | unemployment period recorded |

    Scenario Outline: A young person from vocational school who needs more guidance
      Given Pekka refers Venla to Savonlinna by TE office referral on 2 June 2025
        | service line  | line 1             |
        | existing plan | Finished as a cook |
      When Leena assesses Venla's eligibility on 5 June 2025
        | unemployed                        | yes        |
        | months unemployed                 | 0          |
        | days unemployed of last 16 months | 4          |
        | finished vocational school        | <finished> |
        | needs more guidance               | <guidance> |
      Then Venla is <verdict>

      Examples:
        | finished | guidance | verdict      |
        | yes      | yes      | eligible     |
        | yes      | no       | not eligible |
        | no       | yes      | not eligible |

    Scenario: What is not known is named, so that it can be found out
      Given Pekka refers Venla to Savonlinna by TE office referral on 2 June 2025
        | service line | line 1 |
      When Leena assesses Venla's eligibility on 5 June 2025
        | months unemployed                 | 0   |
        | days unemployed of last 16 months | 4   |
        | finished vocational school        | yes |
      Then Venla is not eligible, because
        | id             | outcome | missing             |
        | client-group   | unknown | needs more guidance |
        | referring-line | met     |                     |
      When Leena assesses Venla's eligibility on 6 June 2025
        | months unemployed                 | 0   |
        | days unemployed of last 16 months | 5   |
        | finished vocational school        | yes |
        | needs more guidance               | yes |
      Then Venla is eligible

  Rule: Clients come from the first and second service lines, with what is there already

    Scenario: A third service line does not refer clients
      When it is tried that Pekka refers Aino to Mikkeli by TE office referral on 1 September 2025
        | service line | line 3 |
      Then it is refused
        | field   | service_line                                             |
        | message | 'line-3' is not in the definition; known: line-1, line-2 |

    Scenario: Without the employment plan a client is not taken in, unless a service manager says so
      Given this has happened
        | Pekka refers Aino to Mikkeli by TE office referral on 1 September 2025 | service line: line 1           |
        |                                                                        | need definition: Job search    |
        | Tiina assesses Aino's eligibility on 1 September 2025                  | unemployed since: 14 July 2025 |
        | Tiina accepts Aino's referral on 1 September 2025                      |                                |
        | Tiina becomes Aino's case worker on 1 September 2025                   |                                |
      Then it is refused that Tiina moves Aino on to intake on 2 September 2025
        | state   | the requirements of intake are not met                                                                                |
        | act     | enter intake                                                                                                          |
        | missing | The employment plan came with the referral: not met (Project plan of Etelä-Savo, referral of clients) [existing-plan] |
      And it is refused that Tiina moves Aino on to intake without existing plan on 2 September 2025, because the office sends it later
        | state   | tiina acts as case-worker             |
        | act     | override a requirement                |
        | missing | senior-case-worker or service-manager |
      When Sari moves Aino on to intake without existing plan on 2 September 2025, because the office sends it later
      Then Aino's record says
        | phase | intake |

    Scenario: Without a service definition a client is not taken in either
      Given this has happened
        | Pekka refers Aino to Mikkeli by TE office referral on 1 September 2025 | service line: line 1           |
        |                                                                        | existing plan: Looks for work  |
        | Tiina assesses Aino's eligibility on 1 September 2025                  | unemployed since: 14 July 2025 |
        | Tiina accepts Aino's referral on 1 September 2025                      |                                |
        | Tiina becomes Aino's case worker on 1 September 2025                   |                                |
      Then it is refused that Tiina moves Aino on to intake on 2 September 2025
        | state   | the requirements of intake are not met                                                                                              |
        | act     | enter intake                                                                                                                        |
        | missing | The service definition came with the referral: not met (Project plan of Etelä-Savo, referral of clients) [existing-need-definition] |

  Rule: The effect sought is less labour-market subsidy that the municipality co-pays

    Scenario: Paid days are in the record, and the tiers in the programme
      Given this has happened
        | Matti refers Eero to Pieksämäki by TE office referral on 3 November 2025 | service line: line 2  |
        |                                                                          | existing plan: Welder |
        | Matti accepts Eero's referral on 3 November 2025                         |                       |
      When Matti records Eero's periods of benefit on 4 November 2025
        | from          | to              | kind                  | paid days |
        | 1 August 2024 | 31 March 2025   | labour-market subsidy | 173       |
        | 1 April 2025  | 31 October 2025 | labour-market subsidy | 152       |
      And Matti records Eero's periods of work on 4 November 2025
        | from            | kind               |
        | 3 November 2025 | open labour market |
      Then Eero's record says
        | paid days of benefit | 325                                     |
        | work                 | open labour market from 3 November 2025 |
      And as at 3 November 2025 Eero's record says
        | paid days of benefit | 0 |
      And the reference values of the programme are
        | measure          | level    | value | from days |
        | co-payment share | national | 0.5   | 300       |
        | co-payment share | national | 0.7   | 1000      |
        | benefit per day  | national | 37.21 |           |
      And the targets of the programme include
        | measure          | value  |
        | employment       | 0.35   |
        | payments avoided | 400000 |

  Rule: The services are those of the Act, and the municipality's own

    Scenario: What a client can be guided into
      Then the services of the programme are
        | code                   | title                                                  | basis                                                    |
        | job matching           | Job matching                                           | Act on Public Employment and Business Service (916/2012) |
        | information and advice | Information and advice                                 | Act on Public Employment and Business Service (916/2012) |
        | expert assessment      | Expert assessment                                      | Act on Public Employment and Business Service (916/2012) |
        | vocational guidance    | Vocational guidance and career coaching                | Act on Public Employment and Business Service (916/2012) |
        | training try-out       | Training try-out                                       | Act on Public Employment and Business Service (916/2012) |
        | work try-out           | Work try-out                                           | Act on Public Employment and Business Service (916/2012) |
        | labour-market training | Labour-market training                                 | Act on Public Employment and Business Service (916/2012) |
        | self-motivated study   | Self-motivated study supported by unemployment benefit | Act on Public Employment and Business Service (916/2012) |
        | wage subsidy           | Wage subsidy                                           | Act on Public Employment and Business Service (916/2012) |
        | start-up services      | Start-up and development services for enterprises      | Act on Public Employment and Business Service (916/2012) |
        | work activity          | Work activity of the municipality                      |                                                          |
        | supported employment   | Supported employment                                   |                                                          |
        | guidance to training   | Guidance to training                                   |                                                          |
        | career guidance        | Career guidance of the municipality                    |                                                          |

    Scenario: A service belongs to its phase
      Given this has happened
        | Pekka refers Aino to Mikkeli by TE office referral on 1 September 2025 | service line: line 1           |
        |                                                                        | existing plan: Looks for work  |
        |                                                                        | need definition: Job search    |
        | Tiina assesses Aino's eligibility on 1 September 2025                  | unemployed since: 14 July 2025 |
        | Tiina accepts Aino's referral on 1 September 2025                      |                                |
        | Tiina becomes Aino's case worker on 1 September 2025                   |                                |
        | Tiina moves Aino on to intake on 1 September 2025                      |                                |
      Then it is refused that Tiina proposes the service wage subsidy to Aino on 2 September 2025
        | state   | the journey is in intake                        |
        | act     | use the service wage-subsidy                    |
        | missing | it belongs to placement: enter that phase first |

    Scenario: Several organisations, one client process: an alliance is explored
      Then the organisations of the programme include
        | code                   | roles                      |
        | Mikkeli                | lead, municipality         |
        | Pieksämäki             | municipality               |
        | Savonlinna             | municipality               |
        | Kangasniemi            | municipality               |
        | TE office              | referrer                   |
        | growth-services        | alliance-partner           |
        | social-services        | alliance-partner, provider |
        | private-providers      | alliance-partner, provider |
        | third-sector-employers | alliance-partner, employer |
        | schools                | alliance-partner, provider |
      And the bodies of the programme are
        | code     | members                                                                                                                            |
        | alliance | Mikkeli, Pieksämäki, Savonlinna, Kangasniemi, growth-services, social-services, private-providers, third-sector-employers, schools |
      And the questionnaires of the programme are
        | code              | respondents |
        | client feedback   | client      |
        | network feedback  | network     |
        | employer feedback | employer    |
