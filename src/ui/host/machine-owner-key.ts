/**
 * The machine owner's key, with which dkms and sign-file sign modules in a machine, and which every
 * machine trusts. It is the same for everybody, so that a session stays a function of its inputs, and
 * it guards nothing: whoever has this program has it.
 */

/** Whose name the kernel shows for it. */
export const MACHINE_OWNER = "Machine owner key";

export const MACHINE_OWNER_KEY = `-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDJssYzoWZkPGyz
IaL6zbJnwE8fs3u2+LYuDQhdE/IhJA+a6c/ZPURGpDENYeKkrGkUHQWPNEk2K6U+
sXmrMF2pc0dBvnsAiyiOnjGJ1kEqQsYE+G1poJCC93YUqAZiF402b7xrVlFGgIPO
QLR0gsvaakgAYRW/3ekM4XhviurLYZ2TtJzKhiE87re+gE3mCdOTdvDNYnXPaMxd
/JcuV/Xdvoh4DTPDvikJLf3dh+9Gnh1Y/BV64Qng6Y44Hxre823AHlgHbmxRpQf9
OZlszAfDPebebV/pb0ZG6zpqlzuDHRmF9jCCLSMU2BWoSWV2+859dW28V/kYBv79
Wl0mSHz1AgMBAAECggEACtLyOgEWWpi3iKFseqMhSNoUJPJf2EDenfgLE9unKcoi
oECd692S1WuoSjyPiiDKfs7T5ox6xVJwSr4BdoNg82ABWfDb7vqI0aaBqBD8bEUr
FUczr/By8ORQzOj7drYm2N4EMYpvUCZDbIUiagI+6Fi9xm9vWF2TTSKocOv2j7Vz
6EUHZaXle0Xjrov5hiO9goYK3Tg2yGaWPJO0lncKZdEJbtfbgOBvjCqhxs7JMOLQ
0gs6ikE4KOyD6mkZTkyH1ue6EoouU2t44k5YJ429lkccwTpCloNehLGQ1Lv0+9oO
F7n1PrvBNKTCXuL4PW4WEc2BoPoE43ygVSaHYHnI/QKBgQD0YkhdExiVjkhgGA50
73RvU7J3PoIsIvDs1HHmsTwM4TVx6JT2/7P6EdU2faf/5qre7zNY3+zOMT2PIvQx
zaH8rUQis+OyjPkrOEUJv74OvvslJyhOqv2G0oyAio7CwRL2veVNuFz9L72rgDuF
FZAuIuK6b5Sq8y3scSlQ7iZbmwKBgQDTSRWCH7awgFQqondf1V9VrAmrU7FWqIK+
xSkRI/gbld72Gumwz7DEbn1lXjuBDNME/iAKmalNglkHPZCLgSJo47dqqVeQhpjE
+7/BZgUVCghzOWp+lwgzeeVZHcYbv0VRT04H7u+GT9Ca83m9tCh6cEuNxzhcOm3L
TZpV4bh6rwKBgQDu2piLj7x5gAUxFpIarGeK360QayHjbYs4jjN9HEDq/bq0yHPA
Lg+EHKXdilcHADaFihkPhlz28p2OJsWxX6AxTE/J8zRbMPnfyjF/484or3TbzTfS
G8GLYoI8qC/8HaUhUFyr58PLGjwxQTXrTzYKQcKEIcaWhvOdosSU+w62fQKBgHBq
9Gy13whuX1oH86gj6YO187ca4sKPCnHiiYU7NCnJRkZ/71NKTm1VtJaY2uRBJI4F
gJrjQ3egISp/EUeIv/w7HT49OAAH/YThxhdq5s1Y90IHjKgqSAzLkMIn216sGH+4
yHXkJcG6+e1YGrBbCSaMVUbsdwprdDu14KZNYVC1AoGAFRrHK7YowdCXOHl96unk
vKMhbYnOJwlfd+ML55OejsI1jx8luNzuAc0GqkeDtR2DJpHQ66AWjXI7r8Jh3I5R
yY++1YPkrh2slPtYW8baSK+HadVFicYhL+SdgDyz3Y73rFojoQuX4Zlfx3J/dSUT
nITrr6OeH2FXI+PsbLd2y/M=
-----END PRIVATE KEY-----
`;
