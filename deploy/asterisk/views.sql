-- Three views from which Asterisk reads Ringup's accounts, in the form of its realtime tables. They are built on the view
-- sip_credentials alone, which is a contract, so they contain active accounts only. Run it as Ringup's user, and again after changes:
--
--   sqlite3 -cmd '.timeout 5000' /var/lib/ringup/ringup.sqlite < views.sql
--   psql postgres://ringup@db.example.com/ringup --single-transaction --file views.sql
--
-- With PostgreSQL, grant Asterisk's role the right to read them again afterwards: dropping a view drops its permissions.
--
-- An id is USER@DOMAIN, so two domains can have the same user name. Any option of Asterisk's pjsip.conf can become a column.

drop view if exists ps_auths;
create view ps_auths as
select
  username || '@' || domain as id,
  'digest' as auth_type,
  username,
  realm,
  case
    when md5 is null then 'SHA-256:' || sha256
    when sha256 is null then 'MD5:' || md5
    else 'SHA-256:' || sha256 || ',MD5:' || md5
  end as password_digest,
  case when md5 is null then 'SHA-256' when sha256 is null then 'MD5' else 'SHA-256,MD5' end as supported_algorithms_uas,
  case when md5 is null then 'SHA-256' when sha256 is null then 'MD5' else 'SHA-256,MD5' end as supported_algorithms_uac
from (
  select
    username,
    domain,
    realm,
    max(case when algorithm = 'SHA-256' then ha1 end) as sha256,
    max(case when algorithm = 'MD5' then ha1 end) as md5
  from sip_credentials
  group by username, domain, realm
) as credentials;

drop view if exists ps_endpoints;
create view ps_endpoints as
select distinct
  username || '@' || domain as id,
  username || '@' || domain as auth,
  username || '@' || domain as aors,
  -- A call is the endpoint's whose address is in From, and needs the password of that one.
  'username' as identify_by,
  -- Calls from phones start in this part of extensions.conf.
  'ringup' as context,
  '!all,opus,g722,alaw,ulaw' as allow,
  -- Phones are behind routers.
  'yes' as force_rport,
  'yes' as rewrite_contact,
  'yes' as rtp_symmetric,
  'no' as direct_media
from sip_credentials;

drop view if exists ps_aors;
create view ps_aors as
select distinct
  username || '@' || domain as id,
  -- Phones of one account. More than this many are refused.
  10 as max_contacts,
  'no' as remove_existing,
  -- Seconds.
  60 as minimum_expiration,
  600 as default_expiration,
  -- So long calls may still be sent to a phone after its last registration.
  600 as maximum_expiration
from sip_credentials;
