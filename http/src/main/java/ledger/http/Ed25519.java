package ledger.http;

import static com.nimbusds.jose.JWSAlgorithm.Ed25519;
import static com.nimbusds.jose.JWSAlgorithm.EdDSA;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Ed25519 signatures of tokens (RFC 8037, and RFC 9864 by their own name). The JWT library would verify them with another
 * library still; the JDK can.
 */
final class Ed25519 {

    private static final String CURVE = "Ed25519";
    private static final Set<JWSAlgorithm> NAMES = Set.of(EdDSA, Ed25519);

    /** What comes before the 32 bytes of a public key in its X.509 form (RFC 8410). */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int KEY_BYTES = 32;

    private Ed25519() {}

    /** Lets a processor of tokens take these too, by keys from where it has the others. */
    static void accept(ConfigurableJWTProcessor<SecurityContext> tokens) {
        var others = (JWSVerificationKeySelector<SecurityContext>) tokens.getJWSKeySelector();
        JWKSource<SecurityContext> source = others.getJWKSource();
        JWSKeySelector<SecurityContext> keys = (header, context) -> NAMES.contains(header.getAlgorithm())
                ? keys(source.get(selector(header), context))
                : others.selectJWSKeys(header, context);
        tokens.setJWSKeySelector(keys);
        tokens.setJWSVerifierFactory(new Verifiers(tokens.getJWSVerifierFactory()));
    }

    private static JWKSelector selector(JWSHeader header) {
        return new JWKSelector(new JWKMatcher.Builder()
                .keyType(KeyType.OKP)
                .curve(Curve.Ed25519)
                .keyID(header.getKeyID())
                .keyUses(KeyUse.SIGNATURE, null)
                .algorithms(EdDSA, Ed25519, null)
                .build());
    }

    private static List<PublicKey> keys(List<JWK> found) throws KeySourceException {
        List<PublicKey> keys = new ArrayList<>();
        for (JWK key : found) {
            byte[] raw = key.toOctetKeyPair().getDecodedX();
            if (raw.length == KEY_BYTES) {
                keys.add(key(raw));
            }
        }
        return keys;
    }

    private static PublicKey key(byte[] raw) throws KeySourceException {
        byte[] encoded = new byte[X509.length + KEY_BYTES];
        System.arraycopy(X509, 0, encoded, 0, X509.length);
        System.arraycopy(raw, 0, encoded, X509.length, KEY_BYTES);
        try {
            return KeyFactory.getInstance(CURVE).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new KeySourceException("a key of the issuer is none", e);
        }
    }

    private static final class Verifiers extends BaseJWSProvider implements JWSVerifierFactory {

        private final JWSVerifierFactory others;

        Verifiers(JWSVerifierFactory others) {
            super(others.supportedJWSAlgorithms());
            this.others = others;
        }

        @Override
        public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
            return NAMES.contains(header.getAlgorithm())
                    ? new Verifier((PublicKey) key)
                    : others.createJWSVerifier(header, key);
        }
    }

    private static final class Verifier extends BaseJWSProvider implements JWSVerifier {

        private final PublicKey key;

        Verifier(PublicKey key) {
            super(NAMES);
            this.key = key;
        }

        @Override
        public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) {
            if (header.getCriticalParams() != null) {
                return false; // it asks for what is not understood here
            }
            try {
                Signature verifier = Signature.getInstance(CURVE);
                verifier.initVerify(key);
                verifier.update(signed);
                return verifier.verify(signature.decode());
            } catch (GeneralSecurityException e) {
                return false; // not of the form of a signature
            }
        }
    }
}
