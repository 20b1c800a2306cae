Feature: Askel, one service of state and municipality
  The city of Kuopio and the state employment office run one process for people who are structurally
  unemployed, or about to be. The case passes between them without a break and it is always known who
  is responsible. Career guidance, competence services and social and health services meet in the
  client's process, which the client owns. New precision services are brought in while it runs, and
  further municipalities join.

  Background:
    Given the programme askel is published on 1 December 2024
    And these people work together
      | name  | for                 | as              |
      | Anja  | TE office           | case worker     |
      | Riku  | Kuopio              | case worker     |
      | Maija | Kuopio              | service manager |
      | Sanna | social and health   | social worker   |
      | Olli  | competence services | trainer         |
      | Jaana | Siilinjärvi         | case worker     |
      | Kirsi | Savon Varasto Oy    | employer        |
    And these persons are registered on 2 December 2024
      | name  | born           | lives in    |
      | Kalle | 9 October 1977 | Kuopio      |
      | Salla | 1 April 1990   | Siilinjärvi |

  Scenario: From referral to follow-up, between municipality and state without a break
    When Anja refers Kalle to Kuopio by TE office referral on 13 January 2025
    And Riku assesses Kalle's eligibility on 14 January 2025
      | unemployed since | 11 December 2023 |
    Then Kalle is eligible, because
      | id                      | title                                   | outcome | basis                                         |
      | structural unemployment | Structurally unemployed, or about to be | met     | Co-operation agreement of Askel, client group |
      | area                    | Lives in Kuopio                         | met     | Co-operation agreement of Askel, area         |
    When Riku accepts Kalle's referral on 14 January 2025
    Then it is refused that Riku moves Kalle on to intake on 14 January 2025
      | missing | It is known who is responsible: not met (Co-operation agreement of Askel, responsibility without a break) [responsible] |
    When this happens
      | Riku becomes Kalle's case worker on 14 January 2025                                         |                                    |
      | Riku moves Kalle on to intake on 14 January 2025                                            |                                    |
      | Riku holds the intake interview with Kalle on 17 January 2025                               | employment: unemployed             |
      |                                                                                             | unemployed since: 11 December 2023 |
      |                                                                                             | education: 3                       |
      | Riku defines Kalle's service needs as competences and health on 20 January 2025             |                                    |
      | Sanna joins Kalle's team as health counsellor on 20 January 2025                            |                                    |
      | Olli joins Kalle's team as trainer on 20 January 2025                                       |                                    |
      | Anja joins Kalle's team as career counsellor on 20 January 2025                             |                                    |
      | Riku moves Kalle on to competence review on 20 January 2025                                 |                                    |
      | Riku starts Kalle's competence review by career guidance talks with Anja on 21 January 2025 |                                    |
    And Anja records Kalle's competences on 24 January 2025
      | concept                                           | level       | evidence                |
      | http://data.europa.eu/esco/skill/forklift-driving | independent | Fifteen years in stores |
      | http://data.europa.eu/esco/skill/stock-records    | basic       | Says so, to be tried    |
    And Anja completes Kalle's competence review on 28 January 2025
      | strengths         | Reliable; knows a warehouse |
      | development needs | Stock records on a computer |
    And Riku drafts Kalle's plan on 29 January 2025
      | id     | goal                           | by                | service                |
      | health | The knee is looked at          | 28 February 2025  | health check           |
      | stock  | Stock records on a computer    | 30 May 2025       | labour-market training |
      | cards  | The cards a warehouse asks for | 30 June 2025      | precision licences     |
      | job    | A job in a warehouse           | 30 September 2025 |                        |
    Then it is refused that Riku moves Kalle on to training on 30 January 2025
      | missing | The plan is agreed and the client signed it: not met (Co-operation agreement of Askel, the client owns the process) [owned-by-client] |
    And it is refused that Riku agrees Kalle's plan, signed by Riku and Anja on 30 January 2025
      | field   | signatories                             |
      | message | the client must be among those who sign |
    When Riku agrees Kalle's plan, signed by Kalle, Riku and Sanna on 30 January 2025
    And Riku moves Kalle on to training on 30 January 2025
    Then Kalle's record says
      | team        | Sanna of social and health as health counsellor                     |
      |             | Olli of competence services as trainer                              |
      |             | Anja of TE office as career counsellor                              |
      | plan        | revision 1, agreed on 30 January 2025, signed by Kalle, Riku, Sanna |
      | competences | http://data.europa.eu/esco/skill/forklift-driving independent       |
      |             | http://data.europa.eu/esco/skill/stock-records basic                |

    When this happens
      | Riku takes Kalle into the service health check on 31 January 2025                                                 | provider: social and health                   |
      | Sanna records that Kalle completed the service health check with the result fit for work on 7 February 2025       |                                               |
      | Riku records that Kalle reached the step health on 7 February 2025                                                |                                               |
      | Riku asks TE office to take Kalle over on 10 February 2025, because labour-market training is bought by the state | brief: Knows a warehouse and his knee is well |
    Then Kalle's record says
      | responsible       | Riku of Kuopio since 14 January 2025 |
      | handover asked of | TE office                            |
    And on 11 February 2025 Kalle's deadlines include
      | deadline     | opened           | due              | status | basis                                                           |
      | handover     | 10 February 2025 | 17 February 2025 | open   | Co-operation agreement of Askel, responsibility without a break |
      | next service | 7 February 2025  | 21 February 2025 | open   | Co-operation agreement of Askel, aim: faster service periods    |
    When this happens
      | Anja takes Kalle over on 12 February 2025                                                                  |                                              |
      | Anja proposes the service labour-market training to Kalle on 13 February 2025                              | provider: competence services                |
      |                                                                                                            | step: stock                                  |
      | Anja records that Kalle accepted the service labour-market training on 17 February 2025                    |                                              |
      | Anja records that Kalle started the service labour-market training on 3 March 2025                         |                                              |
      | Olli records that Kalle attended labour-market training for 7 hours on 4 March 2025                        |                                              |
      | Olli records that Kalle completed the service labour-market training with the result passed on 23 May 2025 | hours: 320                                   |
      | Anja records that Kalle reached the step stock on 23 May 2025                                              |                                              |
      | Anja asks Kuopio to take Kalle over on 26 May 2025, because the precision services are near his home       |                                              |
      | Riku takes Kalle over on 2 June 2025                                                                       |                                              |
      | Riku proposes the service precision licences to Kalle on 3 June 2025                                       | provider: competence services                |
      |                                                                                                            | step: cards                                  |
      | Riku records that Kalle accepted the service precision licences on 3 June 2025                             |                                              |
      | Riku records that Kalle started the service precision licences on 9 June 2025                              |                                              |
      | Olli records that Kalle completed the service precision licences with the result passed on 11 June 2025    |                                              |
      | Olli awards Kalle the certificate Occupational safety card on 11 June 2025                                 | awarding body: Competence services of Kuopio |
      | Riku records that Kalle reached the step cards on 11 June 2025                                             |                                              |
      | Riku moves Kalle on to placement on 12 June 2025                                                           |                                              |
      | Riku proposes a placement with Savon Varasto Oy to Kalle as open labour market on 12 June 2025             | hours per week: 37.5                         |
      | Riku agrees Kalle's placement with Savon Varasto Oy, signed by Kalle, Riku and Kirsi on 16 June 2025       |                                              |
      | Riku records that Kalle began with Savon Varasto Oy on 23 June 2025                                        |                                              |
      | Riku records that Kalle reached the step job on 23 June 2025                                               |                                              |
      | Riku moves Kalle on to follow-up on 23 June 2025                                                           |                                              |
    Then on 20 February 2025 Kalle's deadlines include
      | deadline     | opened           | due              | status | met              |
      | next service | 7 February 2025  | 21 February 2025 | met    | 13 February 2025 |
      | handover     | 10 February 2025 | 17 February 2025 | met    | 12 February 2025 |
    And from 14 January 2025 to 31 August 2025 these people answer for Kalle
      | from             | to               | person | organisation |
      | 14 January 2025  | 11 February 2025 | Riku   | Kuopio       |
      | 12 February 2025 | 1 June 2025      | Anja   | TE office    |
      | 2 June 2025      | 31 August 2025   | Riku   | Kuopio       |
    And on 1 July 2025 Kalle's plan stands like this
      | step   | by                | status  | actual          | days late |
      | health | 28 February 2025  | reached | 7 February 2025 | -21       |
      | stock  | 30 May 2025       | reached | 23 May 2025     | -7        |
      | cards  | 30 June 2025      | reached | 11 June 2025    | -19       |
      | job    | 30 September 2025 | reached | 23 June 2025    | -99       |

    When Riku records Kalle's periods of unemployment on 24 June 2025
      | from             | to           | kind       |
      | 11 December 2023 | 22 June 2025 | unemployed |
    And Riku records Kalle's periods of work on 24 June 2025
      | from         | kind               |
      | 23 June 2025 | open labour market |
    And this happens
      | Riku holds a follow-up with Kalle on 22 July 2025                                   | status: employed               |
      |                                                                                     | point: one month               |
      |                                                                                     | support needed: none           |
      | Kalle gives feedback on his own way as client by client development on 22 July 2025 | what to keep: One team         |
      |                                                                                     | what to change: Ask us earlier |
      | Riku gives feedback on Kalle's way as staff by staff development on 23 July 2025    | handover worked: 4             |
      | Sanna gives feedback on Kalle's way as network by network feedback on 24 July 2025  | was asked in time: 5           |
      | Riku holds a follow-up with Kalle on 22 September 2025                              | status: employed               |
      |                                                                                     | point: three months            |
      | Riku closes Kalle's journey as completed into employment on 22 September 2025       |                                |
    Then Kalle's record says
      | phases       | intake since 14 January 2025                              |
      |              | competence review since 20 January 2025                   |
      |              | training since 30 January 2025                            |
      |              | placement since 12 June 2025                              |
      |              | follow-up since 23 June 2025                              |
      | services     | health check completed                                    |
      |              | labour-market training completed, 320 hours               |
      |              | precision licences completed                              |
      | certificates | Occupational safety card of Competence services of Kuopio |
      | unemployment | unemployed from 11 December 2023 to 22 June 2025          |
      | work         | open labour market from 23 June 2025                      |
      | follow-ups   | 22 July 2025 employed; 22 September 2025 employed         |
      | feedback     | client by client development                              |
      |              | staff by staff development                                |
      |              | network by network feedback                               |
      | end          | completed into employment on 22 September 2025            |

  Rule: Responsibility passes from one to the other, and never falls between

    Background:
      Given this has happened
        | Anja refers Kalle to Kuopio by TE office referral on 13 January 2025 |
        | Riku accepts Kalle's referral on 14 January 2025                     |
        | Riku becomes Kalle's case worker on 14 January 2025                  |

    Scenario: The other organisation does not take over
      When Riku asks TE office to take Kalle over on 3 February 2025, because he wants to study
      And Anja does not take Kalle over on 5 February 2025, because his health comes first
      Then Kalle's record says
        | responsible       | Riku of Kuopio since 14 January 2025 |
        | handover asked of | nobody                               |
      And it is refused that Anja takes Kalle over on 6 February 2025
        | state   | no handover was asked for |
        | missing | request one first         |
      And from 14 January 2025 to 28 February 2025 these people answer for Kalle
        | from            | to               | person | organisation |
        | 14 January 2025 | 28 February 2025 | Riku   | Kuopio       |

    Scenario: Nobody takes a client by himself, and only who was asked can answer
      Then it is refused that Riku makes Anja Kalle's case worker on 3 February 2025
        | state   | City of Kuopio (kuopio) is responsible for the journey |
        | missing | a handover that the other organisation accepts         |
      When Riku asks TE office to take Kalle over on 3 February 2025, because he wants to study
      Then it is refused that Maija takes Kalle over on 4 February 2025
        | state   | State employment office of North Savo (te-office) was asked, not City of Kuopio (kuopio) |
        | missing | leave the answer to them                                                                 |
      And it is refused that Riku asks social and health to take Kalle over on 4 February 2025, because of his knee
        | state   | State employment office of North Savo (te-office) has been asked on 2025-02-03 |
        | missing | wait for their answer                                                          |
      And nothing new is recorded where Riku asks TE office to take Kalle over on 4 February 2025, because he wants to study

    Scenario: A handover that was recorded late
      Given Riku asks TE office to take Kalle over on 3 February 2025, because he wants to study
      When Anja takes Kalle over on 5 February 2025, recorded only on 17 February 2025
      Then as at 10 February 2025 Kalle's record says
        | responsible | Anja of TE office since 5 February 2025 |
      But as at 10 February 2025, as known on 14 February 2025, Kalle's record says
        | responsible       | Riku of Kuopio since 14 January 2025 |
        | handover asked of | TE office                            |

    Scenario: A case worker of the same organisation follows another
      When Riku makes Maija Kalle's case worker on 3 March 2025
      Then from 14 January 2025 to 31 March 2025 these people answer for Kalle
        | from            | to            | person | organisation |
        | 14 January 2025 | 2 March 2025  | Riku   | Kuopio       |
        | 3 March 2025    | 31 March 2025 | Maija  | Kuopio       |

  Rule: The flow into structural unemployment is foreseen

    Scenario: Three months without work, and a case worker sees what is coming
      Given Sanna refers Kalle to Kuopio by social and health referral on 7 April 2025
      When Riku assesses Kalle's eligibility on 8 April 2025
        | unemployed since                  | 7 January 2025 |
        | days unemployed of last 16 months | 92             |
        | unemployed after measure          | no             |
      Then Kalle is not eligible, because
        | id                      | outcome | missing                            |
        | structural unemployment | unknown | at risk of structural unemployment |
        | area                    | met     |                                    |
      When Riku assesses Kalle's eligibility on 9 April 2025
        | unemployed since                   | 7 January 2025 |
        | at risk of structural unemployment | yes            |
      Then Kalle is eligible, because
        | id                      | outcome | basis                                         |
        | structural unemployment | met     | Co-operation agreement of Askel, client group |
        | area                    | met     | Co-operation agreement of Askel, area         |

  Rule: The service is extended to further municipalities

    Scenario: Siilinjärvi joins on 1 June 2025
      Then it is refused that Anja refers Salla to Siilinjärvi by TE office referral on 30 May 2025
        | field   | to_organisation                        |
        | message | 'siilinjarvi' is not in the definition |
      When this happens
        | Anja refers Salla in Kuopio to Kuopio by TE office referral on 30 May 2025 |                                  |
        | Riku assesses Salla in Kuopio's eligibility on 30 May 2025                 | unemployed since: 2 January 2024 |
      Then Salla in Kuopio is not eligible, because
        | id                      | outcome | title                                   | basis                                         |
        | structural unemployment | met     | Structurally unemployed, or about to be | Co-operation agreement of Askel, client group |
        | area                    | not met | Lives in Kuopio                         | Co-operation agreement of Askel, area         |
      When this happens
        | Anja refers Salla in Siilinjärvi to Siilinjärvi by TE office referral on 2 June 2025 |                                  |
        | Jaana assesses Salla in Siilinjärvi's eligibility on 3 June 2025                     | unemployed since: 2 January 2024 |
      Then Salla in Siilinjärvi is eligible, because
        | id                      | outcome | title                                   | basis                                                                |
        | structural unemployment | met     | Structurally unemployed, or about to be | Co-operation agreement of Askel, client group                        |
        | area                    | met     | Lives in a municipality that takes part | Co-operation agreement of Askel, extension to further municipalities |

  Rule: New precision services are brought into the process while it runs

    Background:
      Given this has happened
        | Anja refers Kalle to Kuopio by TE office referral on 13 January 2025 |                                  |
        | Riku assesses Kalle's eligibility on 14 January 2025                 | unemployed since: 2 January 2024 |
        | Riku accepts Kalle's referral on 14 January 2025                     |                                  |
        | Riku becomes Kalle's case worker on 14 January 2025                  |                                  |
        | Riku moves Kalle on to intake on 14 January 2025                     |                                  |
        | Riku holds the intake interview with Kalle on 17 January 2025        | employment: unemployed           |
        | Riku defines Kalle's service needs as competences on 17 January 2025 |                                  |
      And Riku drafts Kalle's plan on 20 January 2025
        | goal                   | by          |
        | Outdoor work near home | 30 May 2025 |
      And Riku agrees Kalle's plan, signed by Kalle and Riku on 20 January 2025
      And Riku moves Kalle on to training on 20 January 2025

    Scenario: A precision service that has a day from which it is offered
      Then it is refused that Riku proposes the service precision licences to Kalle on 28 February 2025
        | state   | precision-licences is offered from 2025-03-01 |
        | missing | choose a service that is offered on the day   |
      When Riku proposes the service precision licences to Kalle on 3 March 2025
      Then Kalle's record says
        | services | precision licences proposed |

    Scenario: A precision service that nobody had thought of comes with a new version
      When Project revises the programme as version 2, in force from 1 September 2025, with on 18 August 2025
        | service              | title                               | title in Finnish          | phases              |
        | precision snow works | Precision service: work in the snow | Täsmäpalvelu: työ lumella | training, placement |
      Then the published versions are
        | number | effective from   |
        | 1      | 1 December 2024  |
        | 2      | 1 September 2025 |
      And it is refused that Riku adopts version 2 for Kalle on 25 August 2025, because he knows the snow
        | field   | definition_version                        |
        | message | version 2 takes effect only on 2025-09-01 |
      And it is refused that Riku proposes the service precision snow works to Kalle on 2 September 2025
        | field   | service                                         |
        | message | 'precision-snow-works' is not in the definition |
      When Riku adopts version 2 for Kalle on 3 September 2025, because he knows the snow
      And Riku proposes the service precision snow works to Kalle on 3 September 2025
      Then Kalle's record says
        | definition | version 2                     |
        | services   | precision snow works proposed |
      And as at 2 September 2025 Kalle's record says
        | definition | version 1 |
      When Anja refers Salla to Siilinjärvi by TE office referral on 4 September 2025
      Then Salla's record says
        | definition | version 2 |

  Rule: A co-operation agreement says who does what, and from when

    Scenario: The agreement is signed, widened and ended
      Given Project registers these organisations on 2 December 2024
        | code              | name                                   | kind         |
        | Kuopio            | City of Kuopio                         | municipality |
        | TE office         | State employment office of North Savo  | state office |
        | social and health | Social and health services of the area | provider     |
      When Maija signs the agreement Askel of Kuopio, in force from 1 December 2024, on 2 December 2024
        | partner   | does                |
        | Kuopio    | process owner       |
        | Kuopio    | municipal case work |
        | TE office | state case work     |
        | TE office | foresight           |
      And Maija signs the agreement Askel health of Kuopio, in force from 15 January 2025, on 8 January 2025
        | partner           | does            |
        | TE office         | career guidance |
        | social and health | co-ordination   |
      Then on 14 January 2025 the agreements of Kuopio say
        | partner   | does                |
        | Kuopio    | process owner       |
        | Kuopio    | municipal case work |
        | TE office | state case work     |
        | TE office | foresight           |
      And on 15 January 2025 the agreements of Kuopio say
        | partner           | does                |
        | Kuopio            | process owner       |
        | Kuopio            | municipal case work |
        | TE office         | state case work     |
        | TE office         | foresight           |
        | TE office         | career guidance     |
        | social and health | co-ordination       |
      And the duties of the programme are
        | id                    | organisation        | since           |
        | process owner         | Kuopio              | 1 December 2024 |
        | municipal case work   | Kuopio              | 1 December 2024 |
        | state case work       | TE office           | 1 December 2024 |
        | foresight             | TE office           | 1 December 2024 |
        | career guidance       | TE office           | 15 January 2025 |
        | co-ordination         | social and health   | 15 January 2025 |
        | precision services    | competence services | 1 March 2025    |
        | Siilinjärvi case work | Siilinjärvi         | 1 June 2025     |
        | Leppävirta case work  | Leppävirta          | 1 June 2025     |
      When Maija ends the agreement Askel health of Kuopio after 31 December 2025, on 1 December 2025, because a new one is made
      Then on 1 January 2026 the agreements of Kuopio say
        | partner   | does                |
        | Kuopio    | process owner       |
        | Kuopio    | municipal case work |
        | TE office | state case work     |
        | TE office | foresight           |

    Scenario: A pair of projects, and those who join them
      Then the organisations of the programme are
        | code                | roles                                   | since       |
        | Kuopio              | lead-project, municipality              |             |
        | TE office           | sibling-project, state-office, referrer |             |
        | Siilinjärvi         | municipality                            | 1 June 2025 |
        | Leppävirta          | municipality                            | 1 June 2025 |
        | social and health   | provider                                |             |
        | competence services | provider, school                        |             |
      And the targets of the programme include
        | measure         | value |
        | days unemployed | 300   |
        | days to plan    | 45    |
      And the questionnaires of the programme include
        | code               | respondents |
        | client development | client      |
        | staff development  | staff       |
