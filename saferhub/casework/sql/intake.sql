-- Keys: whose unit another system acts for, and what a referral link opens.

-- The unit of an account of kind token, while its key is live. A link is not entered so: its account sees nothing.
CREATE OR REPLACE FUNCTION gate.unit_of_token(account bigint, day date) RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.unit_id FROM public.casework_api_token t
    JOIN public.accounts_user who ON who.id = t.account_id AND who.kind = 'token' AND who.status = 'active'
    JOIN public.partnership_unit u ON u.id = t.unit_id
    JOIN public.partnership_agency a ON a.id = u.agency_id
   WHERE t.account_id = account AND t.ended_at IS NULL AND t.made_on <= day AND t.expires_on >= day
     -- A unit is closed with its agency.
     AND EXISTS (SELECT FROM public.partnership_entry_version v
                  WHERE v.entry_id = a.entry_id AND v.withdrawn_in_id IS NULL
                    AND (v.valid_from IS NULL OR v.valid_from <= day)
                    AND (v.valid_until IS NULL OR v.valid_until >= day))
   ORDER BY t.id LIMIT 1
$$;

-- What a unit is told of a referral that it filed itself, also when it does not see it any more: its receipt, found by
-- its own number (withdrawn ones may be sent again) or by what it was given. Only for a unit that the entered one acts
-- for, and no more than it was answered when it filed it.
CREATE OR REPLACE FUNCTION gate.referral_filed(own_unit bigint, number text, made text)
  RETURNS TABLE (receipt text, reference text, sent_on date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.public_id, m.reference, r.sent_on
    FROM public.casework_referral r JOIN public.sharing_matter m ON m.id = r.matter_id
   WHERE gate.entered() AND own_unit = ANY (gate.holders()) AND r.unit_id = own_unit
     AND ((number <> '' AND r.external_key = number AND r.status <> 'withdrawn')
       OR (made <> '' AND m.public_id = made))
   ORDER BY r.id LIMIT 1
$$;

-- Enter by a link: whoever has its secret acts for the link's unit in this transaction, which files one referral.
-- The secret itself is asked for, which is kept nowhere: what the application stores opens nothing. Every call is one
-- use, and takes turns with the others; a referral that is not filed rolls its use back. The number of the link's
-- account, or NULL for a link that is unknown, ended, expired or used up.
CREATE OR REPLACE FUNCTION gate.enter_by_link(secret text) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  day date := (gate.instant() AT TIME ZONE 'Europe/London')::date;
  account bigint; own_unit bigint;
BEGIN
  UPDATE public.casework_referral_link l SET uses = l.uses + 1
    FROM public.accounts_user who
   WHERE l.token_hash = encode(sha256(convert_to(secret, 'UTF8')), 'hex')
     AND who.id = l.account_id AND who.kind = 'link' AND who.status = 'active'
     AND l.ended_at IS NULL AND l.expires_at > clock_timestamp() AND l.uses < l.most_uses
  RETURNING l.account_id, l.unit_id INTO account, own_unit;
  IF account IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM set_config('saferhub.user', account::text, true),
          set_config('saferhub.partnership', a.partnership_id::text, true),
          set_config('saferhub.holders', (gate.units_above(own_unit) || (-account))::text, true),
          set_config('saferhub.agreements', gate.agreements_binding(u.agency_id, day)::text, true),
          set_config('saferhub.hubs', '{}', true),
          set_config('saferhub.deciding', '{}', true),
          set_config('saferhub.governs', '', true)
     FROM public.partnership_unit u JOIN public.partnership_agency a ON a.id = u.agency_id
    WHERE u.id = own_unit;
  RETURN account;
END
$$;
