using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>Headers: headers = 1, repeated.</summary>
public sealed class Headers : IWireMessage
{
    public List<TextEntry> Items { get; } = [];

    public void WriteTo(ProtoWriter writer) => writer.Messages(1, Items);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.LengthDelimited))
        {
            return false;
        }

        Items.Add(reader.ReadInto(new TextEntry()));
        return true;
    }
}

/// <summary>TLSCertificate: cert = 1, private_key = 2, ca_cert = 3, all PEM.</summary>
public sealed class TlsCertificate : IWireMessage
{
    public byte[] Certificate { get; set; } = [];

    /// <summary>Empty after a signing request: the key never left the agent.</summary>
    public byte[] PrivateKey { get; set; } = [];

    public byte[] CaCertificate { get; set; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.Bytes(1, Certificate);
        writer.Bytes(2, PrivateKey);
        writer.Bytes(3, CaCertificate);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Certificate = reader.ReadBytes().ToArray();
                return true;
            case (2, WireType.LengthDelimited):
                PrivateKey = reader.ReadBytes().ToArray();
                return true;
            case (3, WireType.LengthDelimited):
                CaCertificate = reader.ReadBytes().ToArray();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>
/// TLSConnectionSettings: ca_pem_contents = 1, include_system_ca_certs_pool = 2, insecure_skip_verify = 3, min_version = 4, max_version = 5,
/// cipher_suites = 6.
/// </summary>
public sealed class TlsConnectionSettings : IWireMessage
{
    public string CaPem { get; set; } = "";

    public bool IncludeSystemPool { get; set; }

    public bool InsecureSkipVerify { get; set; }

    public string MinVersion { get; set; } = "";

    public string MaxVersion { get; set; } = "";

    public List<string> CipherSuites { get; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, CaPem);
        writer.Bool(2, IncludeSystemPool);
        writer.Bool(3, InsecureSkipVerify);
        writer.String(4, MinVersion);
        writer.String(5, MaxVersion);
        writer.Strings(6, CipherSuites);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                CaPem = reader.ReadString();
                return true;
            case (2, WireType.Varint):
                IncludeSystemPool = reader.ReadBool();
                return true;
            case (3, WireType.Varint):
                InsecureSkipVerify = reader.ReadBool();
                return true;
            case (4, WireType.LengthDelimited):
                MinVersion = reader.ReadString();
                return true;
            case (5, WireType.LengthDelimited):
                MaxVersion = reader.ReadString();
                return true;
            case (6, WireType.LengthDelimited):
                CipherSuites.Add(reader.ReadString());
                return true;
            default:
                return false;
        }
    }
}

/// <summary>ProxyConnectionSettings: url = 1, connect_headers = 2.</summary>
public sealed class ProxyConnectionSettings : IWireMessage
{
    public string Url { get; set; } = "";

    public Headers? ConnectHeaders { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Url);
        writer.Message(2, ConnectHeaders);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Url = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                ConnectHeaders = reader.ReadInto(ConnectHeaders ?? new());
                return true;
            default:
                return false;
        }
    }
}
